import DequeModule

/// What a pool knows. It does no input or output: its owner holds a lock around each call and acts on the answer afterwards.
struct PoolState {
    /// How a query's wait for a connection ends.
    enum LeaseOutcome: Sendable {
        case connection(PostgresConnection)
        case timedOut
        case cancelled
        case closed
    }

    typealias Waiter = OneShot<LeaseOutcome>

    /// Since when the server has been away, and why.
    struct Outage: Sendable {
        let start: ContinuousClock.Instant
        var reason: PostgresError
    }

    let maximumConnections: Int
    private(set) var idle: [PostgresConnection] = []
    private(set) var waiters: Deque<Waiter> = []
    /// Connections that are idle, lent or being opened.
    private(set) var count = 0
    /// The tasks that open connections now.
    private(set) var openers: [Int: Task<Void, Never>] = [:]
    /// The tasks behind the streams of notifications.
    private(set) var listeners: [Int: Task<Void, Never>] = [:]
    private(set) var outage: Outage?
    private(set) var isClosed = false
    /// ``PostgresPool/run()`` is running: somebody wants to know about the server even when nobody asks it anything.
    var isWatched = false

    private var hasConnected = false
    private var failures = 0
    private var nextAttempt: ContinuousClock.Instant?
    private var nextID = 0
    private var drained: OneShot<Void>?

    init(maximumConnections: Int) {
        self.maximumConnections = maximumConnections
    }

    var isReachable: Bool { hasConnected && outage == nil && !isClosed }
    var lent: Int { count - idle.count - openers.count }

    // MARK: - Lending

    enum LeaseDecision {
        case lent(PostgresConnection)
        case wait
        case unreachable(PostgresError)
        case closed
    }

    mutating func lease(_ waiter: Waiter, now: ContinuousClock.Instant) -> LeaseDecision {
        guard !isClosed else { return .closed }
        if let connection = idle.popLast() { return .lent(connection) }
        if let outage, outage.start + PostgresPool.patience < now { return .unreachable(outage.reason) }
        waiters.append(waiter)
        return .wait
    }

    mutating func forget(_ waiter: Waiter) {
        waiters.removeAll { $0 === waiter }
    }

    /// Takes a connection back or in. Settling a waiter under the owner's lock is safe: it only schedules that waiter's task.
    ///
    /// - Returns: A connection to let go of after the lock is released.
    mutating func accept(_ connection: PostgresConnection) -> PostgresConnection? {
        guard !isClosed, connection.isReusable else {
            count -= 1
            settleDrained()
            return connection
        }
        while let waiter = waiters.popFirst() {
            if waiter.settle(.connection(connection)) { return nil }
        }
        idle.append(connection)
        return nil
    }

    // MARK: - Opening

    /// Whether one more connection should be opened now: one for each waiter, but only one at a time while attempts fail, and one to find out
    /// whether an outage is over.
    var wantsConnection: Bool {
        guard !isClosed, count < maximumConnections else { return false }
        if failures > 0 && !openers.isEmpty { return false }
        if openers.isEmpty && (outage != nil || (isWatched && count == 0)) { return true }
        return openers.count < waiters.count
    }

    /// Reserves a place for a connection that a task is about to open.
    mutating func addOpener(_ makeTask: (Int) -> Task<Void, Never>) {
        nextID += 1
        count += 1
        openers[nextID] = makeTask(nextID)
    }

    /// When the next attempt is due; `nil` for now.
    var pause: ContinuousClock.Instant? { failures > 0 ? nextAttempt : nil }

    enum Change {
        case none
        case reachable
        case unreachable
    }

    /// A connection has been opened.
    ///
    /// - Returns: Whether the server is known to be back or there for the first time.
    mutating func opened(by opener: Int) -> Change {
        openers[opener] = nil
        failures = 0
        let change: Change = hasConnected && outage == nil ? .none : .reachable
        hasConnected = true
        outage = nil
        return change
    }

    /// An attempt failed.
    ///
    /// - Returns: Whether this opener should try again, and whether this is the beginning of an outage.
    mutating func failed(by opener: Int, _ reason: PostgresError, now: ContinuousClock.Instant) -> (tryAgain: Bool, change: Change) {
        failures = min(failures + 1, 6)
        let delay = min(Duration.milliseconds(50 << failures), .seconds(2))
        nextAttempt = now + delay * Double.random(in: 0.75...1.25)

        var change = Change.none
        if count == openers.count && !isClosed {
            change = outage == nil ? .unreachable : .none
            outage = Outage(start: outage?.start ?? now, reason: reason)
        }
        let isWanted = !waiters.isEmpty || (isWatched && count == openers.count)
        if !isClosed && openers.count == 1 && isWanted { return (true, change) }
        openers[opener] = nil
        count -= 1
        settleDrained()
        return (false, change)
    }

    // MARK: - Listeners

    /// False when the pool is closed; then no task is made.
    mutating func addListener(_ makeTask: (Int) -> Task<Void, Never>) -> Int? {
        guard !isClosed else { return nil }
        nextID += 1
        listeners[nextID] = makeTask(nextID)
        return nextID
    }

    mutating func removeListener(_ id: Int) {
        listeners[id] = nil
        settleDrained()
    }

    // MARK: - Closing

    mutating func close() -> (waiters: [Waiter], tasks: [Task<Void, Never>], drained: OneShot<Void>) {
        isClosed = true
        isWatched = false
        count -= idle.count
        idle = []
        let left = Array(waiters)
        waiters = []
        let isDrained = drained ?? OneShot()
        drained = isDrained
        settleDrained()
        return (left, Array(openers.values) + Array(listeners.values), isDrained)
    }

    private func settleDrained() {
        if isClosed && count == 0 && listeners.isEmpty { drained?.settle(()) }
    }
}
