public import FoundationEssentials

/// The latest result of the checks of one system.
public struct SystemHealth: Sendable, Equatable {
    /// The system's name.
    public var system: String
    public var services: [ServiceHealth]

    public init(system: String, services: [ServiceHealth]) {
        self.system = system
        self.services = services
    }

    /// When the last of the checks ended: `lastHealthCheck`.
    public var lastChecked: Date? { services.compactMap(\.lastChecked).max() }
}
