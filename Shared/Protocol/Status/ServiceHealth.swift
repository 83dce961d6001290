public import FoundationEssentials

/// What a check found out about one part of a system: an entry of `servicesHealth` in `GET /status/systems`.
public struct ServiceHealth: Codable, Sendable, Equatable {
    /// The nodes of a scheduler.
    public struct Nodes: Codable, Sendable, Equatable {
        public var available: Int
        public var total: Int

        public init(available: Int, total: Int) {
            self.available = available
            self.total = total
        }
    }

    public var serviceType: BackendServiceType
    /// When the check ended; whole microseconds.
    public var lastChecked: Date?
    /// How long the check took, in seconds.
    public var latency: Double?
    public var healthy: Bool
    /// Why the part is not healthy.
    public var message: String?
    /// The file system; only for `filesystem`.
    public var path: String?
    /// Only for `scheduler`, and only once it has told.
    public var nodes: Nodes?

    public init(
        serviceType: BackendServiceType, lastChecked: Date? = nil, latency: Double? = nil, healthy: Bool = false, message: String? = nil,
        path: String? = nil, nodes: Nodes? = nil
    ) {
        self.serviceType = serviceType
        self.lastChecked = lastChecked
        self.latency = latency
        self.healthy = healthy
        self.message = message
        self.path = path
        self.nodes = nodes
    }

    private enum CodingKeys: String, CodingKey {
        case serviceType, lastChecked, latency, healthy, message, path, nodes
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        serviceType = try container.decode(BackendServiceType.self, forKey: .serviceType)
        lastChecked = try container.decodeIfPresent(String.self, forKey: .lastChecked).map { text in
            guard let date = UTCTimestamp.date(from: text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .lastChecked, in: container, debugDescription: "not a time of ISO 8601 with its zone")
            }
            return date
        }
        latency = try container.decodeIfPresent(Double.self, forKey: .latency)
        healthy = try container.decodeIfPresent(Bool.self, forKey: .healthy) ?? false
        message = try container.decodeIfPresent(String.self, forKey: .message)
        path = try container.decodeIfPresent(String.self, forKey: .path)
        nodes = try container.decodeIfPresent(Nodes.self, forKey: .nodes)
    }

    /// Absent values are `null`, as the API's clients expect; `path` and `nodes` appear only where they belong.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(serviceType, forKey: .serviceType)
        try container.encode(lastChecked.map(UTCTimestamp.text(of:)), forKey: .lastChecked)
        try container.encode(latency, forKey: .latency)
        try container.encode(healthy, forKey: .healthy)
        try container.encode(message, forKey: .message)
        if serviceType == .filesystem { try container.encode(path, forKey: .path) }
        if serviceType == .scheduler { try container.encode(nodes, forKey: .nodes) }
    }
}
