import GoldcrestProtocol

/// What the gateway knows of the health of all systems.
struct HealthSnapshot: Sendable {
    /// Grows with every reading, so that what is made from a snapshot can be kept until the next one.
    let version: Int
    /// By system; a system that was never checked is absent.
    let systems: [String: SystemHealth]

    /// What must not be used on a system now.
    func unhealthyServices(of system: String) -> [UnhealthyService] {
        systems[system]?.services.filter { !$0.healthy }.map { UnhealthyService($0.serviceType, path: $0.path) } ?? []
    }
}
