import DequeModule
import NIOCore

/// The bookkeeping of a pool: which connection of which user has room, who waits, what is to be done. Pure: it does no I/O, takes the time as an
/// argument, and returns what its owner is to do after letting go of the lock.
///
/// A connection is *opening* (a login goes on; one at a time for each user), *open*, or *draining* (open, but given no more work, and closed
/// when its last command and its last sharer end).
struct SSHPoolState {
    typealias ConnectionID = Int
    typealias WaiterID = Int

    enum Action: Equatable {
        /// Log in and report ``opened(_:user:now:)`` or ``openFailed(_:user:)``.
        case open(ConnectionID, user: String)
        case close(ConnectionID)
        /// Hand the waiter a channel on the connection, or a share in it.
        case lease(WaiterID, on: ConnectionID)
        /// Tell the waiter why it gets none: the login failed.
        case fail(WaiterID, of: ConnectionID)
        /// Call ``growthDue(user:now:)`` at that time.
        case checkGrowth(user: String, at: NIODeadline)
    }

    struct Connection {
        let user: String
        var limit: Int
        /// When the limit was lowered or raised last.
        var limitChanged: NIODeadline?
        /// How many commands run on it.
        var inUse = 0
        /// How many share the one channel for SFTP; it is not counted among the commands' channels.
        var sharers = 0
        var isDraining = false
        var idleSince: NIODeadline

        var hasRoom: Bool { !isDraining && inUse < limit }
        var isIdle: Bool { inUse == 0 && sharers == 0 }
    }

    struct Waiter {
        let id: WaiterID
        let since: NIODeadline
    }

    struct User {
        var connections: [ConnectionID] = []
        var waiters: Deque<Waiter> = []
        /// Those who wait for a share, which they get with the next connection.
        var waitingSharers: Deque<Waiter> = []
        /// The connection that is being opened.
        var opening: ConnectionID?
        var isGrowthCheckScheduled = false
        /// Whether the user stands in the queue for a connection of the system's.
        var wantsConnection = false

        var isWaiting: Bool { !waiters.isEmpty || !waitingSharers.isEmpty }
        var isForgettable: Bool { connections.isEmpty && !isWaiting && opening == nil && !isGrowthCheckScheduled && !wantsConnection }
    }

    /// So long after a refusal one channel more is tried, and after as long the next. The places that the server did not give are often those of
    /// commands that were given up here and still ran there.
    static let recoveryDelay = TimeAmount.seconds(10)

    let maximumConnections: Int
    /// Of commands, on one connection.
    let maximumSessions: Int
    let growthDelay: TimeAmount
    let idleTimeout: TimeAmount

    private(set) var connections: [ConnectionID: Connection] = [:]
    private(set) var users: [String: User] = [:]
    /// Users for whom there was no connection left, first come first served.
    private var usersWithoutConnection: Deque<String> = []
    private var openingCount = 0
    private var lastID = 0

    init(limits: SSHLimits) {
        maximumConnections = max(1, limits.maximumConnections)
        maximumSessions = max(1, limits.maximumSessions - (limits.reservesSFTPChannel ? 1 : 0))
        growthDelay = TimeAmount(limits.growthDelay)
        idleTimeout = TimeAmount(limits.idleTimeout)
    }

    var connectionCount: Int { connections.count + openingCount }

    // MARK: Requests

    /// A channel that is free right now, taken.
    mutating func leaseAtOnce(user: String) -> ConnectionID? {
        guard let state = users[user], state.waiters.isEmpty, let id = roomiest(of: state) else { return nil }
        connections[id]?.inUse += 1
        return id
    }

    /// Puts a request into the user's queue.
    ///
    /// - Parameter first: In front of the others, because it had its turn already.
    mutating func enqueue(_ waiter: WaiterID, user: String, now: NIODeadline, first: Bool = false) -> [Action] {
        var state = users[user] ?? User()
        if first {
            state.waiters.prepend(Waiter(id: waiter, since: now))
        } else {
            state.waiters.append(Waiter(id: waiter, since: now))
        }
        users[user] = state
        return serve(user, now: now)
    }

    /// A request has gone, for whatever reason. Returns whether it was still waiting.
    mutating func remove(_ waiter: WaiterID, user: String) -> Bool {
        defer { forget(user) }
        if let index = users[user]?.waiters.firstIndex(where: { $0.id == waiter }) {
            users[user]?.waiters.remove(at: index)
            return true
        }
        if let index = users[user]?.waitingSharers.firstIndex(where: { $0.id == waiter }) {
            users[user]?.waitingSharers.remove(at: index)
            return true
        }
        return false
    }

    /// A command has ended.
    mutating func release(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        guard var connection = connections[id] else { return [] }
        connection.inUse -= 1
        connection.idleSince = now
        connections[id] = connection
        if connection.isDraining { return connection.isIdle ? close(id, now: now) : [] }
        return serve(connection.user, now: now) + yieldIfNeeded(id, now: now)
    }

    // MARK: Shares

    /// A share in the connection with the fewest sharers.
    mutating func shareAtOnce(user: String) -> ConnectionID? {
        guard let state = users[user], let id = leastShared(of: state) else { return nil }
        connections[id]?.sharers += 1
        return id
    }

    /// Puts a request for a share into the user's queue.
    mutating func enqueueSharer(_ waiter: WaiterID, user: String, now: NIODeadline) -> [Action] {
        users[user, default: User()].waitingSharers.append(Waiter(id: waiter, since: now))
        return serve(user, now: now)
    }

    /// Somebody has finished with a share.
    mutating func releaseShare(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        guard var connection = connections[id] else { return [] }
        connection.sharers -= 1
        connection.idleSince = now
        connections[id] = connection
        if connection.isDraining { return connection.isIdle ? close(id, now: now) : [] }
        return yieldIfNeeded(id, now: now)
    }

    /// The server opens no more channels than are in use already on this connection.
    mutating func refused(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        guard let connection = connections[id] else { return [] }
        let others = connection.inUse - 1
        guard others > 0 else {
            // Not one channel: whatever holds the places, a new connection is the better one.
            connections[id]?.isDraining = true
            return release(id, now: now)
        }
        connections[id]?.limit = others
        connections[id]?.limitChanged = now
        return release(id, now: now)
    }

    /// Commands are to leave a channel more to others.
    ///
    /// - Returns: Whether any run, which will end.
    mutating func lowerLimit(_ id: ConnectionID, now: NIODeadline) -> Bool {
        guard let connection = connections[id], connection.inUse > 0 else { return false }
        connections[id]?.limit = max(1, min(connection.limit, connection.inUse) - 1)
        connections[id]?.limitChanged = now
        return true
    }

    // MARK: Connections

    mutating func opened(_ id: ConnectionID, user: String, now: NIODeadline) -> [Action] {
        guard users[user]?.opening == id else { return [.close(id)] }
        users[user]?.opening = nil
        users[user]?.connections.append(id)
        openingCount -= 1
        connections[id] = Connection(user: user, limit: maximumSessions, idleSince: now)
        return serve(user, now: now) + yieldIfNeeded(id, now: now)
    }

    /// A login failed: those who wait get to know, unless other connections of the user still serve them.
    mutating func openFailed(_ id: ConnectionID, user: String, now: NIODeadline) -> [Action] {
        guard users[user]?.opening == id else { return [] }
        users[user]?.opening = nil
        openingCount -= 1
        var actions: [Action] = []
        if let state = users[user], state.connections.isEmpty {
            actions = (state.waiters + state.waitingSharers).map { .fail($0.id, of: id) }
            users[user]?.waiters = []
            users[user]?.waitingSharers = []
        }
        forget(user)
        return actions + serveUsersWithoutConnection(now: now)
    }

    /// A connection has ended by itself. Its commands report that themselves, and need not release it.
    mutating func lost(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        guard let user = drop(id) else { return [] }
        return serve(user, now: now) + serveUsersWithoutConnection(now: now)
    }

    /// Closes connections that have been idle for too long, and tries more channels on those that were refused some.
    mutating func prune(now: NIODeadline) -> [Action] {
        let old = connections.filter { $0.value.isIdle && $0.value.idleSince + idleTimeout <= now }
        return old.keys.sorted().flatMap { close($0, now: now) } + raiseLimits(now: now)
    }

    private mutating func raiseLimits(now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        for id in connections.keys.sorted() {
            guard let connection = connections[id], connection.limit < maximumSessions, let changed = connection.limitChanged,
                changed + Self.recoveryDelay <= now
            else { continue }
            connections[id]?.limit += 1
            connections[id]?.limitChanged = now
            actions += serve(connection.user, now: now)
        }
        return actions
    }

    mutating func growthDue(user: String, now: NIODeadline) -> [Action] {
        users[user]?.isGrowthCheckScheduled = false
        defer { forget(user) }
        return grow(user, now: now)
    }

    // MARK: Rules

    /// Gives the user's free channels to those who wait, and looks for more if that is not enough.
    private mutating func serve(_ user: String, now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        while let state = users[user], let waiter = state.waiters.first, let id = roomiest(of: state) {
            users[user]?.waiters.removeFirst()
            connections[id]?.inUse += 1
            actions.append(.lease(waiter.id, on: id))
        }
        while let state = users[user], let waiter = state.waitingSharers.first, let id = leastShared(of: state) {
            users[user]?.waitingSharers.removeFirst()
            connections[id]?.sharers += 1
            actions.append(.lease(waiter.id, on: id))
        }
        actions += grow(user, now: now)
        forget(user)
        return actions
    }

    /// Opens a connection if the user has none, or if the first in the queue has waited long enough.
    private mutating func grow(_ user: String, now: NIODeadline) -> [Action] {
        guard let state = users[user], let waiter = state.waiters.first ?? state.waitingSharers.first, state.opening == nil else { return [] }
        let due = state.connections.contains { connections[$0]?.isDraining == false } ? waiter.since + growthDelay : now
        if due <= now { return open(for: user, now: now) }
        guard !state.isGrowthCheckScheduled else { return [] }
        users[user]?.isGrowthCheckScheduled = true
        return [.checkGrowth(user: user, at: due)]
    }

    private mutating func open(for user: String, now: NIODeadline) -> [Action] {
        guard connectionCount < maximumConnections else {
            if let idle = leastRecentlyUsed(exceptOf: user) {
                drop(idle)
                return [.close(idle)] + begin(for: user)
            }
            if users[user]?.wantsConnection == false {
                users[user]?.wantsConnection = true
                usersWithoutConnection.append(user)
            }
            return drainOne(of: user, now: now)
        }
        return begin(for: user)
    }

    private mutating func begin(for user: String) -> [Action] {
        lastID += 1
        users[user]?.opening = lastID
        openingCount += 1
        return [.open(lastID, user: user)]
    }

    /// Takes a connection away from whoever has several, for a user who has none.
    private mutating func drainOne(of user: String, now: NIODeadline) -> [Action] {
        guard users[user]?.connections.isEmpty == true, !connections.values.contains(where: \.isDraining) else { return [] }
        let richest = users.filter { $0.value.connections.count > 1 }.max { $0.value.connections.count < $1.value.connections.count }
        guard let id = richest?.value.connections.last else { return [] }
        connections[id]?.isDraining = true
        return []
    }

    /// A connection that nobody of its user needs now goes to a user who has none.
    private mutating func yieldIfNeeded(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        while let user = usersWithoutConnection.first, users[user]?.isWaiting != true {
            usersWithoutConnection.removeFirst()
            users[user]?.wantsConnection = false
            forget(user)
        }
        guard let connection = connections[id], connection.isIdle, !usersWithoutConnection.isEmpty else { return [] }
        return close(id, now: now)
    }

    private mutating func close(_ id: ConnectionID, now: NIODeadline) -> [Action] {
        guard let user = drop(id) else { return [] }
        return [.close(id)] + serve(user, now: now) + serveUsersWithoutConnection(now: now)
    }

    private mutating func serveUsersWithoutConnection(now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        while connectionCount < maximumConnections, let user = usersWithoutConnection.popFirst() {
            users[user]?.wantsConnection = false
            actions += serve(user, now: now)
        }
        return actions
    }

    /// The connection of the user with the fewest commands on it, if any has room.
    private func roomiest(of user: User) -> ConnectionID? {
        user.connections.filter { connections[$0]?.hasRoom == true }.min { (connections[$0]?.inUse ?? 0) < (connections[$1]?.inUse ?? 0) }
    }

    private func leastShared(of user: User) -> ConnectionID? {
        user.connections.filter { connections[$0]?.isDraining == false }.min { (connections[$0]?.sharers ?? 0) < (connections[$1]?.sharers ?? 0) }
    }

    private func leastRecentlyUsed(exceptOf user: String) -> ConnectionID? {
        connections.filter { $0.value.isIdle && $0.value.user != user }.min { $0.value.idleSince < $1.value.idleSince }?.key
    }

    @discardableResult
    private mutating func drop(_ id: ConnectionID) -> String? {
        guard let connection = connections.removeValue(forKey: id) else { return nil }
        users[connection.user]?.connections.removeAll { $0 == id }
        forget(connection.user)
        return connection.user
    }

    /// No trace stays of a user who has and wants nothing.
    private mutating func forget(_ user: String) {
        if users[user]?.isForgettable == true { users[user] = nil }
    }
}
