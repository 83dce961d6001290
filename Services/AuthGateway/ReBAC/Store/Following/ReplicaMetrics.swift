import Metrics
import ReBAC

/// What the replica tells about itself.
///
/// - `rebac_age_seconds`: since the database was asked last whether there is anything new, and answered
/// - `rebac_position`: the positions of all stores together; it grows with every change, and gateways that agree have the same
/// - `rebac_stores`, `rebac_tuples`: in memory
/// - `rebac_looks_failed_total`: how often the database could not be asked
struct ReplicaMetrics: Sendable {
    private let age = Gauge(label: "rebac_age_seconds")
    private let position = Gauge(label: "rebac_position")
    private let stores = Gauge(label: "rebac_stores")
    private let tuples = Gauge(label: "rebac_tuples")
    private let failures = Counter(label: "rebac_looks_failed_total")

    func record(age duration: Duration) {
        age.record(duration / .seconds(1))
    }

    func countFailure() { failures.increment() }

    func record(_ known: KnownStores) {
        stores.record(known.states.count)
        tuples.record(known.states.values.reduce(0) { $0 + $1.tuples.count })
        position.record(known.states.values.reduce(0) { $0 + $1.head.position })
    }
}
