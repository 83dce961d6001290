public import GoldcrestProtocol
import HTTPTypes

/// Something between this process and a remote system failed: the connection, the login, a channel, or a limit of ours.
///
/// A remote command that merely ends with a status other than 0 is no such error; see ``RemoteResult/requireSuccess()``.
public struct SSHError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Wrapped: String {
            case invalidCommand
            case connectionFailed
            case connectionTimedOut
            case connectionLost
            case hostKeyRejected
            case loginRefused
            case loginTimedOut
            case noCredential
            case credentialServiceUnreachable
            case unsupportedKey
            case channelRefused
            case capacityExceeded
            case timedOut
            case outputTooLarge
            case shutDown
        }

        private let wrapped: Wrapped

        private init(_ wrapped: Wrapped) { self.wrapped = wrapped }

        public var description: String { wrapped.rawValue }

        /// The command, or the path of a file, cannot be sent: it has a NUL in it, is too long, or names an impossible variable.
        public static let invalidCommand = Self(.invalidCommand)
        /// The server cannot be reached or does not speak SSH.
        public static let connectionFailed = Self(.connectionFailed)
        /// The server did not answer in the system's `timeout.connection`.
        public static let connectionTimedOut = Self(.connectionTimedOut)
        /// A connection, or its channel for SFTP, ended while something was going on over it.
        public static let connectionLost = Self(.connectionLost)
        /// The server's host key is not the one that is known.
        public static let hostKeyRejected = Self(.hostKeyRejected)
        /// The server does not let the user in with the key at hand.
        public static let loginRefused = Self(.loginRefused)
        /// The login did not end in the system's `timeout.login`.
        public static let loginTimedOut = Self(.loginTimedOut)
        /// There is no SSH key for the user, or the key service refuses to give one.
        public static let noCredential = Self(.noCredential)
        /// The service that hands out keys or certificates does not answer, or not as it should.
        public static let credentialServiceUnreachable = Self(.credentialServiceUnreachable)
        /// A key cannot be read, or the linked libssh2 cannot log in with its type.
        public static let unsupportedKey = Self(.unsupportedKey)
        /// The server refuses to open one more channel or to start the command.
        public static let channelRefused = Self(.channelRefused)
        /// All connections that the system's `max_clients` allows stayed busy for the time that the request could wait, or as many SFTP servers as
        /// one connection may have hang.
        public static let capacityExceeded = Self(.capacityExceeded)
        /// The command did not end in its time, or a request by SFTP was not answered in its.
        public static let timedOut = Self(.timedOut)
        /// The command's output is larger than the caller takes.
        public static let outputTooLarge = Self(.outputTooLarge)
        /// The pool is being shut down.
        public static let shutDown = Self(.shutDown)
    }

    public var code: Code
    /// What failed and what would help, fit for a client's eyes: holds neither keys nor tokens.
    public var message: String
    /// What led to it, outermost first.
    public var causes: [String]

    public init(_ code: Code, _ message: String, causes: [String] = []) {
        self.code = code
        self.message = message
        self.causes = causes
    }

    public var description: String {
        ([message] + causes).joined(separator: ": ")
    }
}

extension SSHError: APIErrorConvertible {
    public var apiError: APIError {
        APIError(status, message, causes: causes)
    }

    private var status: HTTPResponse.Status {
        switch code {
        case .invalidCommand: .badRequest
        case .noCredential: .forbidden
        case .connectionTimedOut, .loginTimedOut, .timedOut: .requestTimeout
        case .outputTooLarge: .contentTooLarge
        case .shutDown: .serviceUnavailable
        default: .failedDependency
        }
    }
}
