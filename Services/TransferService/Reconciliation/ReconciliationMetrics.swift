import Metrics

/// What the reconciler tells about itself, for each system.
///
/// - `transfer_round_seconds`: how long a round takes in which jobs are looked at
/// - `transfer_tasks_followed`: the open tasks that this replica holds
struct ReconciliationMetrics: Sendable {
    private let round: Timer
    private let followed: Gauge

    init(system: String) {
        let dimensions = [("system", system)]
        round = Timer(label: "transfer_round_seconds", dimensions: dimensions, preferredDisplayUnit: .seconds)
        followed = Gauge(label: "transfer_tasks_followed", dimensions: dimensions)
    }

    func record(_ duration: Duration) {
        round.recordNanoseconds(duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }

    func record(followed count: Int) {
        followed.record(count)
    }
}
