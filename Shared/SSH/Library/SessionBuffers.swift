import CLibSSH2
import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What lies between a libssh2 session and its transport: libssh2 takes its input from here and leaves its output here, so it never sees a
/// socket and never waits for one.
///
/// Used on the event loop of its connection only.
final class SessionBuffers {
    /// Bytes that have arrived and libssh2 has not read yet.
    var inbound = ByteBuffer()
    /// Bytes that libssh2 wants sent.
    var outbound = ByteBuffer()
    /// So many bytes are worth sending at once.
    static let enough = 64 * 1024
    /// A packet of so many bytes is likely to be followed by others like it.
    fileprivate static let largePacket = 16 * 1024
    /// After this libssh2 reads the end of the stream and its output is dropped.
    var isClosed = false

    func install(on session: OpaquePointer) {
        goldcrest_ssh2_set_transport(session, sessionReceive, sessionSend)
    }

    /// The buffers of a session, from the pointer that libssh2 hands to its callbacks.
    fileprivate static func of(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> SessionBuffers? {
        guard let object = abstract?.pointee else { return nil }
        return Unmanaged<SessionBuffers>.fromOpaque(object).takeUnretainedValue()
    }
}

/// `LIBSSH2_CALLBACK_RECV`: a negative errno for "nothing there", 0 for the end of the stream.
private func sessionReceive(
    _: libssh2_socket_t, _ target: UnsafeMutableRawPointer?, _ capacity: Int, _: Int32,
    _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
    guard let buffers = SessionBuffers.of(abstract), let target, !buffers.isClosed else { return 0 }
    let count = min(capacity, buffers.inbound.readableBytes)
    guard count > 0 else { return -Int(EAGAIN) }
    buffers.inbound.readWithUnsafeReadableBytes { source in
        target.copyMemory(from: source.baseAddress ?? UnsafeRawPointer(target), byteCount: count)
        return count
    }
    return count
}

/// `LIBSSH2_CALLBACK_SEND`: takes everything, always. A send that is put off makes libssh2 refuse all other work on the session.
private func sessionSend(
    _: libssh2_socket_t, _ source: UnsafeRawPointer?, _ count: Int, _: Int32, _ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
    guard let buffers = SessionBuffers.of(abstract), let source else { return -Int(EPIPE) }
    if !buffers.isClosed {
        if buffers.outbound.capacity == 0, count >= SessionBuffers.largePacket { buffers.outbound.reserveCapacity(2 * SessionBuffers.enough) }
        buffers.outbound.writeBytes(UnsafeRawBufferPointer(start: source, count: count))
    }
    return count
}
