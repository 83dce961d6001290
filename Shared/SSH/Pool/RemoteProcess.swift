public import NIOCore

/// A remote command that runs while its input and output are moved. Valid inside ``SSHPool/withProcess(_:as:timeout:_:)`` only.
///
/// Every function throws ``SSHError`` with ``SSHError/Code/timedOut`` when the command's time is over. Input and output may be moved by two tasks
/// at once; each of them by one at a time.
public struct RemoteProcess: Sendable {
    let connection: SSHConnection
    let channel: ChannelID
    let deadline: NIODeadline
    let wasLimited: Bool

    /// Sends standard input; returns once all of it is on its way, which is when the command reads fast enough.
    public func write(_ bytes: ByteBuffer) async throws {
        try await connection.write(bytes, to: channel, until: deadline)
    }

    /// Ends standard input.
    public func finishInput() async throws {
        try await connection.endInput(of: channel, until: deadline)
    }

    /// The next bytes of standard output, at most some 160 KiB; nil at its end.
    public func nextOutput() async throws -> ByteBuffer? {
        try await connection.readOutput(of: channel, until: deadline)
    }

    /// Waits for the end of the command; what it still says on standard output is dropped. Finish the input first: most commands wait for that.
    public func waitForExit() async throws -> RemoteExit {
        try await connection.waitForExit(of: channel, wasLimited: wasLimited, until: deadline)
    }
}
