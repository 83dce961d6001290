import Metrics

/// The pool's figures.
///
/// - `postgres_connections_open`, `postgres_connections_in_use`, `postgres_queries_waiting`: gauges
/// - `postgres_connect_failures_total`: attempts to connect that failed
struct PoolMetrics: Sendable {
    let open = Gauge(label: "postgres_connections_open")
    let inUse = Gauge(label: "postgres_connections_in_use")
    let waiting = Gauge(label: "postgres_queries_waiting")
    let connectFailures = Counter(label: "postgres_connect_failures_total")

    func update(from state: PoolState) {
        open.record(state.idle.count + state.lent)
        inUse.record(state.lent)
        waiting.record(state.waiters.count)
    }
}
