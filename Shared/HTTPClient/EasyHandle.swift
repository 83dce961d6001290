import CLibCurl

/// curl's easy handle: the settings of one transfer at a time. On the transfer thread only.
final class EasyHandle {
    /// Owned by this object, as is the text that curl writes about an error.
    let handle: UnsafeMutableRawPointer
    private let errorText: UnsafeMutableBufferPointer<CChar>

    /// - Returns: nil for want of memory.
    init?() {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
    }

    deinit {
        curl_easy_cleanup(handle)
        errorText.deallocate()
    }

    /// Forgets all settings, but keeps what curl has cached.
    func reset() {
        curl_easy_reset(handle)
        errorText.update(repeating: 0)
    }

    /// curl's words for a result, with the particulars where it gave some.
    func words(for result: CURLcode) -> String {
        let details = errorText.prefix { $0 != 0 }
        guard details.isEmpty else { return String(decoding: details.map(UInt8.init(bitPattern:)), as: UTF8.self) }
        return String(cString: curl_easy_strerror(result))
    }

    /// How many bytes of request heads were sent, those of repetitions included.
    var sentHeadBytes: Int {
        var bytes = 0
        _ = goldcrest_easy_get_long(handle, CURLINFO_REQUEST_SIZE, &bytes)
        return bytes
    }

    /// Sets anew which directions stand still; may call the callbacks of the others.
    func pause(receiving: Bool, sending: Bool) -> CURLcode {
        curl_easy_pause(handle, (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0))
    }

    // MARK: Settings

    func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        try CurlFailure.check(goldcrest_easy_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, size: Int) throws(CurlFailure) {
        try CurlFailure.check(goldcrest_easy_set_size(handle, option, size))
    }

    func set(_ option: CURLoption, _ text: String) throws(CurlFailure) {
        try CurlFailure.check(goldcrest_easy_set_text(handle, option, text))
    }

    func set(_ option: CURLoption, pointer: UnsafeRawPointer?) throws(CurlFailure) {
        try CurlFailure.check(goldcrest_easy_set_pointer(handle, option, pointer))
    }

    func collectErrorText() throws(CurlFailure) {
        try set(CURLOPT_ERRORBUFFER, pointer: UnsafeRawPointer(errorText.baseAddress))
    }
}

/// A result of curl that is not success.
struct CurlFailure: Error {
    let result: CURLcode

    static func check(_ result: CURLcode) throws(CurlFailure) {
        guard result == CURLE_OK else { throw CurlFailure(result: result) }
    }
}
