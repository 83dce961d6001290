public import NIOCore

/// How a remote command ended.
public struct RemoteExit: Sendable {
    /// The exit status, unless a signal ended the command.
    public var status: Int?
    /// The name of the signal that ended the command, without `SIG`.
    public var signal: String?
    /// The first 64 KiB of standard error.
    public var standardError: ByteBuffer
    var wasLimited: Bool

    /// - Throws: ``RemoteCommandFailure`` unless the command ended by itself with status 0.
    public func requireSuccess() throws {
        _ = try RemoteResult(exitStatus: status, exitSignal: signal, standardError: standardError, wasLimited: wasLimited).requireSuccess()
    }
}
