import CLibSSH2
import NIOCore

/// One command on its channel: what is still to be written, what was read. Used on the connection's event loop only.
final class CommandChannel {
    /// As much of standard error as is kept.
    static let maximumError = 64 * 1024

    let channel: ChannelHandle
    private let scratch: UnsafeMutableRawBufferPointer
    private(set) var isStarted = false
    private(set) var hasExited = false
    private var isInputEnded = false
    /// Whether a write was given up before its end.
    private var isInputBroken = false
    private(set) var error = ByteBuffer()
    /// The command's processes, once they are known.
    private(set) var group: ProcessGroup?

    init(_ channel: ChannelHandle, scratch: UnsafeMutableRawBufferPointer) {
        self.channel = channel
        self.scratch = scratch
    }

    func start(_ text: [UInt8]) throws -> Progress<Void> {
        if isStarted { return .finished(()) }
        guard case .finished = try channel.exec(text) else { return .needsInput }
        isStarted = true
        return .finished(())
    }

    /// Writes what the far side and the transport have room for.
    func write(_ bytes: inout ByteBuffer, while isWritable: () -> Bool) throws -> Progress<Void> {
        guard !isInputBroken else { throw SSHError(.timedOut, "The remote command's input was given up before its end.") }
        do {
            while bytes.readableBytes > 0 {
                guard isWritable(), case .finished(let count) = try bytes.withUnsafeReadableBytes({ try channel.write($0) }) else {
                    // libssh2 would go on waiting for room in the window of a channel that the far side has closed.
                    guard try isClosed() else { return .needsInput }
                    bytes.clear()
                    return .finished(())
                }
                bytes.moveReaderIndex(forwardBy: count)
            }
            return .finished(())
        } catch let error as LibSSH2Error where error.code == LIBSSH2_ERROR_CHANNEL_CLOSED || error.code == LIBSSH2_ERROR_CHANNEL_EOF_SENT {
            // The command has ended without wanting all of its input, which is its own affair.
            bytes.clear()
            return .finished(())
        }
    }

    /// Whether the far side has closed the channel, and all it said on it has been read.
    private func isClosed() throws -> Bool {
        try readError()
        guard channel.isAtEnd, case .finished = try channel.waitClosed() else { return false }
        return true
    }

    /// No more can be written. A write that was given up in the middle cannot be followed by another: libssh2 may be about to send so and so
    /// many bytes of the first one's buffer, and would take them from the second one's.
    func breakInput() {
        isInputBroken = true
    }

    func endInput() throws -> Progress<Void> {
        if isInputEnded { return .finished(()) }
        do {
            guard case .finished = try channel.sendEndOfInput() else { return .needsInput }
        } catch let error as LibSSH2Error where error.code == LIBSSH2_ERROR_CHANNEL_CLOSED {}
        isInputEnded = true
        return .finished(())
    }

    /// Appends what has arrived of standard output, and keeps the beginning of standard error.
    ///
    /// - Parameter maximum: Reading stops once `output` has more bytes than this.
    func read(into output: inout ByteBuffer, upTo maximum: Int) throws {
        try readError()
        while output.readableBytes <= maximum, case .bytes(let count) = try channel.read(.output, into: scratch) {
            output.writeBytes(scratch[..<count])
        }
    }

    /// Reads and forgets what has arrived of standard output.
    func discardOutput() throws {
        try readError()
        while case .bytes = try channel.read(.output, into: scratch) {}
    }

    private func readError() throws {
        while case .bytes(let count) = try channel.read(.error, into: scratch) {
            let room = Self.maximumError - error.readableBytes
            error.writeBytes(scratch[..<min(count, room)])
            if group == nil { group = ProcessGroup(takingFrom: &error) }
        }
    }

    /// How the command ended, once it has and everything it said has been read.
    func exit() throws -> Progress<(status: Int?, signal: String?)> {
        guard channel.isAtEnd, case .finished = try channel.waitClosed() else { return .needsInput }
        hasExited = true
        return .finished(try channel.exit())
    }
}
