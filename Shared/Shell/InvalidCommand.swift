public import GoldcrestProtocol
import HTTPTypes

/// A command or script that no text can say: it has a NUL in it, no name, or names an impossible variable.
public struct InvalidCommand: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what would help, fit for a client's eyes.
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

extension InvalidCommand: APIErrorConvertible {
    public var apiError: APIError { APIError(.badRequest, message) }
}
