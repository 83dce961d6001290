import CLibSSH2
import NIOCore

/// The owner of one channel of a session. Used on the session's event loop only.
///
/// The channel is freed by ``close()`` or, at the latest, with its session.
final class ChannelHandle {
    enum Stream: Int32 {
        case output = 0
        case error = 1
    }

    enum Reading {
        case bytes(Int)
        /// Nothing there now.
        case none
    }

    private let session: SessionHandle
    private var pointer: OpaquePointer?

    init(takingOwnershipOf pointer: OpaquePointer, of session: SessionHandle) {
        self.pointer = pointer
        self.session = session
    }

    /// Asks for a command to be run.
    func exec(_ command: [UInt8]) throws -> Progress<Void> {
        try command.withUnsafeBytes { bytes in
            try call("exec") { channel in
                goldcrest_ssh2_exec(channel, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count))
            }
        }
    }

    /// Asks for a subsystem to be started, RFC 4254 section 6.5.
    func startSubsystem(_ name: String) throws -> Progress<Void> {
        try call("subsystem") { goldcrest_ssh2_subsystem($0, name, UInt32(name.utf8.count)) }
    }

    /// What arrives of standard error is dropped by itself from now on.
    func ignoreErrors() throws {
        _ = try call("standard error") { libssh2_channel_handle_extended_data2($0, LIBSSH2_CHANNEL_EXTENDED_DATA_IGNORE) }
    }

    /// Reads what has arrived of one stream.
    func read(_ stream: Stream, into target: UnsafeMutableRawBufferPointer) throws -> Reading {
        let count = libssh2_channel_read_ex(try live(), stream.rawValue, target.baseAddress?.assumingMemoryBound(to: CChar.self), target.count)
        if count > 0 { return .bytes(count) }
        if count == 0 || count == Int(LIBSSH2_ERROR_EAGAIN) { return .none }
        throw session.error(Int32(truncatingIfNeeded: count), in: "read")
    }

    /// Sends a part of `bytes` as standard input, as much as the server has room for.
    func write(_ bytes: UnsafeRawBufferPointer) throws -> Progress<Int> {
        let count = libssh2_channel_write_ex(try live(), 0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        if count > 0 { return .finished(count) }
        if count == 0 || count == Int(LIBSSH2_ERROR_EAGAIN) { return .needsInput }
        throw session.error(Int32(truncatingIfNeeded: count), in: "write")
    }

    /// Ends standard input.
    func sendEndOfInput() throws -> Progress<Void> {
        try call("end of input") { libssh2_channel_send_eof($0) }
    }

    /// Whether the server has ended its output and all of it has been read.
    var isAtEnd: Bool {
        guard session.pointer != nil, let pointer else { return true }
        return libssh2_channel_eof(pointer) == 1
    }

    /// Waits for the server to close the channel, which it does once the command has ended. Only after ``isAtEnd``.
    func waitClosed() throws -> Progress<Void> {
        try call("wait for close") { libssh2_channel_wait_closed($0) }
    }

    /// How the command ended. Only after ``waitClosed()``.
    func exit() throws -> (status: Int?, signal: String?) {
        let channel = try live()
        var name: UnsafeMutablePointer<CChar>?
        var length = 0
        _ = libssh2_channel_get_exit_signal(channel, &name, &length, nil, nil, nil, nil)
        if let name {
            defer { libssh2_free(session.pointer, name) }
            return (nil, String(decoding: UnsafeRawBufferPointer(start: name, count: length), as: UTF8.self))
        }
        return (Int(libssh2_channel_get_exit_status(channel)), nil)
    }

    /// Closes and frees the channel; to be called again while it needs input, after which there is no channel any more.
    func close() throws -> Progress<Void> {
        guard session.pointer != nil, let channel = pointer else { return .finished(()) }
        let code = libssh2_channel_free(channel)
        if code == LIBSSH2_ERROR_EAGAIN { return .needsInput }
        // On any other error libssh2 has kept the channel, which its session frees in the end.
        pointer = nil
        guard code >= 0 else { throw session.error(code, in: "close") }
        return .finished(())
    }

    private func live() throws -> OpaquePointer {
        _ = try session.live()
        guard let pointer else {
            throw LibSSH2Error(operation: "channel", code: LIBSSH2_ERROR_CHANNEL_CLOSED, message: "The channel is closed")
        }
        return pointer
    }

    private func call(_ operation: String, _ body: (OpaquePointer) -> Int32) throws -> Progress<Void> {
        let code = body(try live())
        if code == LIBSSH2_ERROR_EAGAIN { return .needsInput }
        guard code >= 0 else { throw session.error(code, in: operation) }
        return .finished(())
    }
}
