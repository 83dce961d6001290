extension Cluster {
    /// The section `scheduler` of a cluster.
    public struct Scheduler: Sendable, Equatable {
        public enum Kind: String, Sendable, CaseIterable, Codable {
            case slurm, pbs
        }

        /// How the scheduler is talked to.
        public enum ConnectionMode: String, Sendable, CaseIterable, Codable {
            /// Its commands, over SSH.
            case ssh
            /// slurmrestd only.
            case rest
            /// slurmrestd, and the commands for what it cannot do.
            case hybrid
        }

        public var type: Kind
        public var connectionMode: ConnectionMode
        public var version: String
        /// slurmrestd's base URL, without a slash at its end; always there unless the mode is `ssh`.
        public var apiURL: String?
        /// slurmrestd's API version, such as `0.0.42`.
        public var apiVersion: String?
        /// For one request or command.
        public var timeout: Duration

        public init(
            type: Kind, connectionMode: ConnectionMode = .ssh, version: String, apiURL: String? = nil, apiVersion: String? = nil,
            timeout: Duration = .seconds(10)
        ) {
            self.type = type
            self.connectionMode = connectionMode
            self.version = version
            self.apiURL = apiURL
            self.apiVersion = apiVersion
            self.timeout = timeout
        }
    }
}
