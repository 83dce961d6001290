import CLibSSH2
import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether a call of libssh2 could be finished with the bytes that have arrived so far.
enum Progress<Value> {
    case finished(Value)
    /// Call again when more has arrived.
    case needsInput
}

/// The owner of a libssh2 session. Used on one event loop only.
final class SessionHandle {
    let buffers = SessionBuffers()
    /// Where read bytes go before they are appended to what they belong to.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 32 * 1024, alignment: 16)
    /// Not nil until ``free()``.
    private(set) var pointer: OpaquePointer?

    init() throws {
        guard LibSSH2.isInitialized, let session = goldcrest_ssh2_session_init(Unmanaged.passUnretained(buffers).toOpaque()) else {
            throw LibSSH2Error(operation: "session", code: LIBSSH2_ERROR_ALLOC, message: "libssh2 cannot make a session")
        }
        pointer = session
        libssh2_session_set_blocking(session, 0)
        buffers.install(on: session)
    }

    deinit {
        free()
        scratch.deallocate()
    }

    /// Frees the session and its channels; nothing is sent any more.
    func free() {
        guard let session = pointer else { return }
        pointer = nil
        buffers.isClosed = true
        // With the stream at its end no channel waits for the far side; each turn frees at least what it did not finish the turn before.
        for _ in 0..<1000 where libssh2_session_free(session) != LIBSSH2_ERROR_EAGAIN { return }
    }

    /// The session for a call.
    func live() throws -> OpaquePointer {
        guard let pointer else {
            throw LibSSH2Error(operation: "session", code: LIBSSH2_ERROR_SOCKET_DISCONNECT, message: "The connection is closed")
        }
        return pointer
    }

    /// Makes a call whose result is 0 or an error code.
    func call(_ operation: String, _ body: (OpaquePointer) -> Int32) throws -> Progress<Void> {
        let code = body(try live())
        if code == LIBSSH2_ERROR_EAGAIN { return .needsInput }
        guard code >= 0 else { throw error(code, in: operation) }
        return .finished(())
    }

    /// Opens a channel for one command, RFC 4254 section 6.1.
    func openSessionChannel() throws -> Progress<ChannelHandle> {
        try openChannel("channel") { goldcrest_ssh2_open_session($0) }
    }

    /// Has the server connect to another host, RFC 4254 section 7.2.
    func openTunnel(host: String, port: Int) throws -> Progress<ChannelHandle> {
        try openChannel("direct-tcpip") { libssh2_channel_direct_tcpip_ex($0, host, Int32(port), "127.0.0.1", 22) }
    }

    /// Makes a call whose result is a channel.
    private func openChannel(_ operation: String, _ body: (OpaquePointer) -> OpaquePointer?) throws -> Progress<ChannelHandle> {
        let session = try live()
        if let channel = body(session) { return .finished(ChannelHandle(takingOwnershipOf: channel, of: self)) }
        let code = libssh2_session_last_errno(session)
        if code == LIBSSH2_ERROR_EAGAIN { return .needsInput }
        throw error(code, in: operation)
    }

    /// What libssh2 says about the call that just failed.
    func error(_ code: Int32, in operation: String) -> LibSSH2Error {
        var text: UnsafeMutablePointer<CChar>?
        var length: Int32 = 0
        if let pointer, libssh2_session_last_error(pointer, &text, &length, 0) == code, let text, length > 0 {
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
            return LibSSH2Error(operation: operation, code: code, message: String(decoding: bytes, as: UTF8.self))
        }
        return LibSSH2Error(operation: operation, code: code, message: "failed")
    }

    // MARK: Handshake

    /// Orders the host key types that we ask the server for; types that the library does not know are left out.
    ///
    /// They are left out here: libssh2 1.10 takes them out of its list by copying within overlapping memory, which may garble the others.
    func preferHostKeyTypes(_ names: [String]) throws {
        let supported = try supportedHostKeyTypes()
        let names = names.filter(supported.contains).joined(separator: ",")
        _ = try call("host key types") { libssh2_session_method_pref($0, LIBSSH2_METHOD_HOSTKEY, names) }
    }

    private func supportedHostKeyTypes() throws -> Set<String> {
        let session = try live()
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = libssh2_session_supported_algs(session, LIBSSH2_METHOD_HOSTKEY, &names)
        guard count > 0, let names else { throw error(count, in: "host key types") }
        defer { libssh2_free(session, names) }
        return Set((0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } })
    }

    func handshake() throws -> Progress<Void> {
        try call("handshake") { libssh2_session_handshake($0, Self.placeholderDescriptor) }
    }

    /// libssh2 wants a descriptor whose blocking mode it can ask for, and uses it for nothing else since all bytes go through callbacks.
    /// One for all sessions, never closed, already non-blocking so that libssh2 has nothing to change.
    private static let placeholderDescriptor = open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC)

    /// The server's host key as it went over the wire, once the handshake is done.
    func hostKey() -> HostKey? {
        var length = 0
        var type: Int32 = 0
        guard let pointer, let key = libssh2_session_hostkey(pointer, &length, &type), length > 0 else { return nil }
        return HostKey(bytes: [UInt8](UnsafeRawBufferPointer(start: key, count: length)))
    }

    /// Tells the server that we leave. What this sends lies in the outbound buffer afterwards.
    func disconnect(reason: String) {
        guard let pointer else { return }
        _ = libssh2_session_disconnect_ex(pointer, SSH_DISCONNECT_BY_APPLICATION, reason, "")
    }

    // MARK: Keep-alive

    func configureKeepAlive() {
        guard let pointer else { return }
        libssh2_keepalive_config(pointer, 1, 1)
    }

    /// Asks the server for an answer. libssh2 sends at most one such request in two seconds.
    ///
    /// - Returns: Whether the request was sent.
    func sendKeepAlive() throws -> Bool {
        let before = buffers.outbound.readableBytes
        var next: Int32 = 0
        _ = try call("keep-alive") { libssh2_keepalive_send($0, &next) }
        return buffers.outbound.readableBytes > before
    }
}
