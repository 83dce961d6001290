extension Cluster {
    /// The section `ssh` of a cluster.
    public struct SSH: Sendable, Equatable {
        public struct Timeouts: Sendable, Equatable {
            /// To open the TCP connection.
            public var connection: Duration
            /// To exchange keys and log in.
            public var login: Duration
            /// For one command.
            public var commandExecution: Duration
            /// After which an unused connection is closed.
            public var idleTimeout: Duration
            /// Between two keep-alive messages.
            public var keepAlive: Duration

            public init(
                connection: Duration = .seconds(5), login: Duration = .seconds(5), commandExecution: Duration = .seconds(5),
                idleTimeout: Duration = .seconds(60), keepAlive: Duration = .seconds(5)
            ) {
                self.connection = connection
                self.login = login
                self.commandExecution = commandExecution
                self.idleTimeout = idleTimeout
                self.keepAlive = keepAlive
            }
        }

        public var host: String
        public var port: Int
        /// A jump host in front of ``host``.
        public var proxyHost: String?
        public var proxyPort: Int?
        /// Connections to the system at a time.
        public var maxClients: Int
        /// Channels on one connection at a time; sshd's `MaxSessions` is 10 unless configured.
        public var maxSessions: Int
        /// Logins under way at a time; sshd's `MaxStartups` turns more than 10 away unless configured.
        public var maxLogins: Int
        /// Path of a file in OpenSSH's `known_hosts` format.
        public var knownHosts: String?
        public var timeout: Timeouts

        public init(
            host: String, port: Int = 22, proxyHost: String? = nil, proxyPort: Int? = nil, maxClients: Int = 100, maxSessions: Int = 10,
            maxLogins: Int = 4, knownHosts: String? = nil, timeout: Timeouts = Timeouts()
        ) {
            self.host = host
            self.port = port
            self.proxyHost = proxyHost
            self.proxyPort = proxyPort
            self.maxClients = maxClients
            self.maxSessions = maxSessions
            self.maxLogins = maxLogins
            self.knownHosts = knownHosts
            self.timeout = timeout
        }
    }
}
