public import GoldcrestProtocol

/// Where the health of all systems' services is kept: written by the health checker, read by the gateway.
public protocol ServicesHealthStore: Sendable {
    /// Replaces what is known of one system; services that the check no longer covers disappear.
    func replace(_ health: SystemHealth) async throws

    /// Everything that is known, ordered by the systems' names; a system that was never checked is not there.
    func all() async throws -> [SystemHealth]

    /// The changes: after `missedSome` (also the first element) read everything anew.
    func changes() -> AsyncStream<ServicesHealthChange>
}

/// What happened to the table of the services' health.
public enum ServicesHealthChange: Sendable, Equatable {
    /// Changes may have gone unnoticed, as in the beginning and after an outage: read everything.
    case missedSome
    /// The health of this system was written.
    case changed(system: String)
}
