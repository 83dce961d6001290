import Logging
import Metrics
import Synchronization

extension PostgresPool {
    /// Borrows a connection and runs a command on it; a connection that turns out to have died while idle is replaced silently, since nothing was
    /// sent on it. Whoever gets the connection must give it back with ``giveBack(_:)``.
    func leaseRunning<Result: Sendable>(
        until deadline: ContinuousClock.Instant, _ command: (PostgresConnection) async throws -> Result
    ) async throws -> (PostgresConnection, Result) {
        while true {
            let connection = try await lease(until: deadline)
            do {
                return (connection, try await command(connection))
            } catch is PostgresConnection.LostBeforeUse {
                giveBack(connection)
            } catch {
                giveBack(connection)
                throw error
            }
        }
    }

    /// Waits for its turn and a connection, first come, first served.
    private func lease(until deadline: ContinuousClock.Instant) async throws -> PostgresConnection {
        guard !Task.isCancelled else { throw Self.cancelled }
        let waiter = PoolState.Waiter()
        let decision = state.withLock { state in
            let decision = state.lease(waiter, now: .now)
            openMissingConnections(&state)
            metrics.update(from: state)
            return decision
        }
        switch decision {
        case .lent(let connection): return connection
        case .unreachable(let reason): throw reason
        case .closed: throw Self.closed
        case .wait: break
        }

        let timer = DeadlineTimer(at: deadline) { waiter.settle(.timedOut) }
        let outcome = await withTaskCancellationHandler {
            await waiter.value()
        } onCancel: {
            waiter.settle(.cancelled)
        }
        withExtendedLifetime(timer) {}
        switch outcome {
        case .connection(let connection):
            return connection
        case .closed:
            throw Self.closed
        case .cancelled:
            state.withLock { $0.forget(waiter) }
            throw Self.cancelled
        case .timedOut:
            throw state.withLock { state in
                state.forget(waiter)
                return state.outage?.reason
                    ?? PostgresError(
                        .timedOut, "No connection to the database became free before the deadline; \(state.lent) are in use.",
                        hint: "See whether statements take too long, or allow the pool more connections.")
            }
        }
    }

    /// Gives a connection back: to the next in line, to the idle ones, or away when it is broken.
    func giveBack(_ connection: PostgresConnection) {
        // The last reference may end here, and with it the connection: not while the lock is held.
        let discarded = state.withLock { state in
            let discarded = state.accept(connection)
            openMissingConnections(&state)
            metrics.update(from: state)
            return discarded
        }
        _ = discarded
    }

    /// Starts as many attempts to connect as are wanted. Called with the lock held; the tasks themselves take it only later.
    func openMissingConnections(_ state: inout PoolState) {
        while state.wantsConnection {
            // Detached: a connection belongs to no request, so it inherits neither a request's priority nor its task-local values.
            state.addOpener { id in Task.detached { await self.openConnection(id) } }
        }
    }

    private func openConnection(_ id: Int) async {
        while true {
            if let pause = state.withLock({ $0.pause }) { try? await Task.sleep(until: pause) }
            do {
                guard !Task.isCancelled else { throw Self.closed }
                let connection = try await PostgresConnection.open(endpoint, until: .now + Self.connectTimeout)
                let change = state.withLock { $0.opened(by: id) }
                report(change, nil)
                giveBack(connection)
                return
            } catch {
                let reason = error as? PostgresError ?? .connectionLost("\(error)")
                metrics.connectFailures.increment()
                let (tryAgain, change) = state.withLock { $0.failed(by: id, reason, now: .now) }
                report(change, reason)
                if !tryAgain { return }
            }
        }
    }

    /// Says once when the server comes or goes, not at each attempt.
    private func report(_ change: PoolState.Change, _ reason: PostgresError?) {
        switch change {
        case .none:
            break
        case .reachable:
            logger.info("The database is reachable", metadata: ["database.endpoint": "\(endpoint)"])
        case .unreachable:
            if reason?.code == .poolClosed { return }
            logger.warning(
                "The database is not reachable; trying again until it is",
                metadata: ["database.endpoint": "\(endpoint)", "error": "\(reason.map(String.init(describing:)) ?? "")"])
        }
    }

    static let closed = PostgresError(.poolClosed, "The pool of database connections has been shut down.")
    static let cancelled = PostgresError(.cancelled, "The task was cancelled while it was waiting for a connection to the database.")
}
