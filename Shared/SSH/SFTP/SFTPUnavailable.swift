public import GoldcrestProtocol
import HTTPTypes

/// A system cannot be used by SFTP, though perhaps by commands: its server has no SFTP subsystem, or there is no channel left for one.
public struct SFTPUnavailable: Error, Sendable, CustomStringConvertible {
    /// Why, fit for a client's eyes.
    public var reason: String

    public init(_ reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}

extension SFTPUnavailable: APIErrorConvertible {
    public var apiError: APIError { APIError(.failedDependency, reason) }
}
