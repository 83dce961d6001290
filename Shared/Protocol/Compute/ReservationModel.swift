/// Nodes that are kept for some users for some time.
public struct ReservationModel: Codable, Sendable, Equatable {
    public var name: String
    /// As the scheduler writes lists of nodes: `node[01-04]`.
    public var nodeList: String
    /// Seconds since 1970 (UTC).
    public var endTime: Int
    /// Seconds since 1970 (UTC).
    public var startTime: Int
    @Nullable public var features: String?
    /// `active` or `inactive`.
    @Nullable public var state: String?

    public init(name: String, nodeList: String, endTime: Int, startTime: Int, features: String?, state: String?) {
        self.name = name
        self.nodeList = nodeList
        self.endTime = endTime
        self.startTime = startTime
        self.features = features
        self.state = state
    }
}

/// The answer to a question for reservations.
public struct ReservationsAnswer: Codable, Sendable, Equatable {
    public var reservations: [ReservationModel]

    public init(reservations: [ReservationModel]) {
        self.reservations = reservations
    }
}
