extension Cluster {
    /// The section `probing` of a cluster.
    public struct Probing: Sendable, Equatable {
        /// What can be probed.
        public enum ServiceType: String, Sendable, CaseIterable, Codable {
            case scheduler, ssh, filesystem, s3
        }

        /// Between the starts of two rounds.
        public var interval: Duration
        /// Each probed service with its timeout. Absent: the cluster is not probed.
        public var services: [ServiceType: Duration]?

        public init(interval: Duration = .seconds(120), services: [ServiceType: Duration]? = nil) {
            self.interval = interval
            self.services = services
        }
    }
}
