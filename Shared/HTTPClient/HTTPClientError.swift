/// Why a request got no whole response.
///
/// The message names the method and the server, never the URL's path or query nor a header, because those can hold secrets.
public struct HTTPClientError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it was; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case invalidURL, invalidRequest, connectionFailed, timedOut, tls, `protocol`, responseTooLarge, cancelled, requestBodyFailed
            case unavailable
        }

        private let value: Value

        /// The URL is not an absolute http or https URL of printable ASCII characters.
        public static let invalidURL = Code(value: .invalidURL)
        /// The request cannot be sent as it is: a header value with a line break, a `HEAD` with a body, a body read twice.
        public static let invalidRequest = Code(value: .invalidRequest)
        /// No connection, or it broke off before the response was whole.
        public static let connectionFailed = Code(value: .connectionFailed)
        /// A limit of time passed: connecting, the response's head, or a pause within the bodies.
        public static let timedOut = Code(value: .timedOut)
        /// The server's certificate was refused or TLS failed otherwise.
        public static let tls = Code(value: .tls)
        /// The server's answer is not HTTP as it should be.
        public static let `protocol` = Code(value: .protocol)
        /// The body is larger than the caller of ``HTTPClient/collect(_:upTo:deadline:)`` allows.
        public static let responseTooLarge = Code(value: .responseTooLarge)
        /// The exchange, its task, or the whole client was ended by this side.
        public static let cancelled = Code(value: .cancelled)
        /// The sequence of the request's body threw (see ``HTTPClientError/underlyingError``) or was not as long as it promised.
        public static let requestBodyFailed = Code(value: .requestBodyFailed)
        /// curl itself could not work, for want of memory, threads or descriptors.
        public static let unavailable = Code(value: .unavailable)

        public var description: String { value.rawValue }
    }

    public var code: Code
    /// What happened, and what to do about it.
    public var message: String
    /// The error that the sequence of the request's body threw.
    public var underlyingError: (any Error)?

    public init(_ code: Code, _ message: String, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlyingError = underlyingError
    }

    public var description: String { "\(code): \(message)" }
}

extension HTTPClientError {
    static let exchangeCancelled = HTTPClientError(.cancelled, "the exchange was cancelled before its end")
    static let clientShutDown = HTTPClientError(.cancelled, "the HTTP client was shut down; make requests before that only")
}
