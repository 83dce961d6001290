public import Logging
public import ServiceLifecycle
import Synchronization

/// A service's connections to its database: opened when needed, at most so many at a time, replaced when they break.
///
/// The database need not be there when the pool starts: a query waits for it as long as its deadline allows. Once an outage has lasted a while,
/// queries fail at once and the pool goes on trying by itself. A statement that may have been executed is never repeated.
///
/// Queries work without ``run()`` too; that keeps watch on the database between queries and closes the connections at shutdown.
public final class PostgresPool: Service, Sendable {
    /// How long queries wait for a server that is gone before they fail at once.
    static let patience = Duration.seconds(5)
    static let connectTimeout = Duration.seconds(5)
    private static let watchInterval = Duration.seconds(5)

    let endpoint: PostgresEndpoint
    let logger: Logger
    let state: Mutex<PoolState>
    let metrics = PoolMetrics()

    /// - Parameters:
    ///   - url: `postgresql://user:password@host:port/name`, or another connection string that libpq takes. Never logged.
    ///   - maximumConnections: How many connections queries share; each ``notifications(on:)`` has one more of its own.
    ///   - applicationName: What the server shows in `pg_stat_activity`, unless the URL says otherwise.
    public init(url: String, maximumConnections: Int = 4, applicationName: String = "goldcrest", logger: Logger) {
        endpoint = PostgresEndpoint(url: url, applicationName: applicationName)
        state = Mutex(PoolState(maximumConnections: max(1, maximumConnections)))
        self.logger = logger
    }

    /// Whether the last attempt to connect or to ask succeeded.
    public var isReachable: Bool {
        state.withLock { $0.isReachable }
    }

    /// Keeps watch on the database until graceful shutdown or cancellation, then closes the connections.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.watch()
        }
        await close()
    }

    private func watch() async {
        state.withLock { state in
            state.isWatched = true
            openMissingConnections(&state)
        }
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.watchInterval)
            // A broken connection shows here, and its replacement tells whether the server is there.
            _ = try? await query("SELECT 1", deadline: .seconds(2))
        }
    }

    /// Refuses new work, waits a moment for what is running, and closes the connections.
    ///
    /// - Parameter grace: How long running queries may take to end; a later one closes its connection itself.
    public func close(grace: Duration = .seconds(5)) async {
        let (waiters, tasks, drained) = state.withLock { $0.close() }
        for waiter in waiters { waiter.settle(.closed) }
        for task in tasks { task.cancel() }
        let timer = DeadlineTimer(at: .now + grace) { drained.settle(()) }
        await drained.value()
        withExtendedLifetime(timer) {}
    }
}
