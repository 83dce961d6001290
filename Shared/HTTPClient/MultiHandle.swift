import CLibCurl

/// curl's multi handle: all transfers and the connections they leave behind.
///
/// `@unchecked Sendable`: the transfer thread alone uses it, with the exception of ``wakeUp()``, which curl allows on any thread and which
/// ``TransferMailbox`` calls only while the handle is open.
final class MultiHandle: @unchecked Sendable {
    /// Owned by this object; nil once closed.
    private var handle: UnsafeMutableRawPointer?

    /// - Returns: nil for want of memory or descriptors.
    init?(maximumIdleConnections: Int, maximumConnectionsPerHost: Int) {
        guard Self.isCurlReady, let handle = curl_multi_init() else { return nil }
        self.handle = handle
        // The default, four times the running transfers, would close connections whenever the load drops.
        _ = goldcrest_multi_set_long(handle, CURLMOPT_MAXCONNECTS, maximumIdleConnections)
        _ = goldcrest_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, maximumConnectionsPerHost)
    }

    deinit {
        close()
    }

    /// Once in a process, before anything else of curl.
    private static let isCurlReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    /// Closes the kept connections.
    func close() {
        curl_multi_cleanup(handle)
        handle = nil
    }

    func wakeUp() {
        curl_multi_wakeup(handle)
    }

    func add(_ easy: EasyHandle) -> Bool {
        curl_multi_add_handle(handle, easy.handle) == CURLM_OK
    }

    /// Ends the transfer if it still runs, and closes its connection then.
    func remove(_ easy: EasyHandle) {
        curl_multi_remove_handle(handle, easy.handle)
    }

    /// Does whatever can be done without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(handle, &running)
    }

    /// Waits until there is something to do.
    func wait(atMost limit: Duration) {
        let (seconds, attoseconds) = limit.components
        let milliseconds = min(max(0, seconds), 3600) * 1000 + attoseconds / 1_000_000_000_000_000
        // One more, because a wait that ends just before the instant it is for would be repeated.
        curl_multi_poll(handle, nil, 0, Int32(max(0, milliseconds) + 1), nil)
    }

    /// The next transfer that has ended, with its result.
    func nextEnded() -> (context: UnsafeMutableRawPointer, result: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            var context: UnsafeMutableRawPointer?
            _ = goldcrest_easy_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            if let context { return (context, message.pointee.data.result) }
        }
        return nil
    }
}
