extension HTTPClient {
    public struct Configuration: Sendable {
        /// Where requests go through a proxy.
        public enum Proxy: Sendable {
            case none
            /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
            case fromEnvironment
            case url(String)
        }

        /// Connections to one server at a time; further requests wait within their deadline. 0 is no limit.
        public var maximumConnectionsPerHost = 0
        /// Unused connections that are kept open.
        public var maximumIdleConnections = 256
        /// How long resolving the name, connecting and the TLS handshake may take together.
        public var connectTimeout: Duration = .seconds(10)
        /// How long a connection may be unused and still be used again. Should be less than the servers' own limit: a request that meets a closing
        /// connection is repeated only if it is idempotent.
        public var idleConnectionLifetime: Duration = .seconds(50)
        /// How long a body, in either direction, may stand still after the response's head; the time in which the reader leaves the buffer full is
        /// not counted.
        public var bodyInactivityLimit: Duration = .seconds(60)
        /// Sent where a request has no `User-Agent` of its own.
        public var userAgent: String?
        public var proxy: Proxy = .none
        /// A file of PEM certificates that are trusted instead of the system's.
        public var certificateAuthorityFile: String?

        public init() {}
    }
}
