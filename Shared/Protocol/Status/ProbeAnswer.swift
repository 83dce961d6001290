/// What a service answers to the health checker's probe of something that works; what does not is answered as any error is.
public struct ProbeAnswer: Codable, Sendable, Equatable {
    /// What is worth knowing of it.
    public var message: String?
    /// Of a scheduler.
    public var nodes: ServiceHealth.Nodes?

    public init(message: String? = nil, nodes: ServiceHealth.Nodes? = nil) {
        self.message = message
        self.nodes = nodes
    }
}
