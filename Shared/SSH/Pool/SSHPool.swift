public import GoldcrestShell
public import Logging
import Metrics
public import NIOCore
import NIOPosix
import Synchronization

/// The SSH connections to one system: runs commands and accesses files on behalf of users, with as few connections and logins as that takes.
///
/// Each user has connections of their own. Requests beyond the channels of a connection wait in order; a second connection is opened only
/// when waiting takes long. All connections together stay within ``SSHLimits/maximumConnections``.
public final class SSHPool: Sendable {
    /// The system's name.
    public let system: String
    let limits: SSHLimits
    private let connector: SSHConnector
    private let logins: ConcurrencyLimit
    private let credentials: any SSHCredentialSource
    private let group: any EventLoopGroup
    private let logger: Logger
    let metrics: SSHPoolMetrics
    private let shared: Mutex<Shared>

    private typealias Waiting = CheckedContinuation<Lease?, any Error>

    /// A channel that one command may use.
    struct Lease: Sendable {
        let id: SSHPoolState.ConnectionID
        let connection: SSHConnection
    }

    private struct Shared {
        var state: SSHPoolState
        var connections: [SSHPoolState.ConnectionID: SSHConnection] = [:]
        var waiting: [SSHPoolState.WaiterID: Waiting] = [:]
        /// Whose key a login is made with: the one who asked last.
        var latestUsers: [String: SSHUser] = [:]
        var lastWaiter = 0
        var isShutDown = false
        var housekeeping: RepeatedTask?
    }

    /// - Parameters:
    ///   - knownHosts: The path of a known_hosts file; nil to trust the first key that a server shows.
    ///   - group: Where connections live; by default the process-wide loops.
    public init(
        system: String, endpoint: SSHEndpoint, limits: SSHLimits = SSHLimits(), knownHosts: String? = nil,
        credentials: any SSHCredentialSource, group: (any EventLoopGroup)? = nil, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "system"] = "\(system)"
        self.system = system
        self.limits = limits
        self.credentials = credentials
        self.group = group ?? MultiThreadedEventLoopGroup.singleton
        self.logger = logger
        metrics = SSHPoolMetrics(system: system)
        connector = SSHConnector(endpoint: endpoint, limits: limits, hostKeys: HostKeyPolicy(knownHostsPath: knownHosts), logger: logger)
        logins = ConcurrencyLimit(limits.maximumLogins)
        shared = Mutex(Shared(state: SSHPoolState(limits: limits)))
    }

    /// Runs a command to its end.
    ///
    /// After `timeout` the command is ended from another channel. One that is ``RemoteCommand/limited(to:)`` a time of its own is ended by the
    /// far side; that costs two processes, and holds also when the connection is lost, so it is for what changes something for long.
    ///
    /// - Parameters:
    ///   - input: Standard input; empty if nil.
    ///   - outputLimit: The most bytes of standard output.
    ///   - timeout: By default the limit of the command itself, else the system's.
    /// - Returns: How the command ended, also when that was not success.
    /// - Throws: ``SSHError`` if it could not be run, took too long or said too much; `CancellationError`. In each case the command's channel
    ///   is closed and the connection stays.
    public func run(
        _ command: RemoteCommand, as user: SSHUser, input: ByteBuffer? = nil, outputLimit: Int, timeout: Duration? = nil
    ) async throws -> RemoteResult {
        let timed = try timed(command, timeout)
        return try await withLease(for: user, timeout: timed.timeout) { connection in
            try await connection.run(timed, input: input ?? ByteBuffer(), outputLimit: outputLimit)
        }
    }

    /// Runs a command while its input and output are moved by `body`. When `body` returns, a command that has not ended loses its channel.
    ///
    /// - Parameter timeout: For the command and `body` together; by default the limit of the command itself, else the system's.
    public func withProcess<Result: Sendable>(
        _ command: RemoteCommand, as user: SSHUser, timeout: Duration? = nil, _ body: (RemoteProcess) async throws -> Result
    ) async throws -> Result {
        let timed = try timed(command, timeout)
        return try await withLease(for: user, timeout: timed.timeout) { connection in
            let deadline = NIODeadline.now() + timed.timeout
            let channel = try await connection.start(timed, until: deadline)
            let process = RemoteProcess(connection: connection, channel: channel, deadline: deadline, wasLimited: timed.isLimited)
            do {
                let result = try await body(process)
                await connection.closeChannel(channel)
                return result
            } catch {
                await connection.closeChannel(channel)
                throw error
            }
        }
    }

    private func timed(_ command: RemoteCommand, _ timeout: Duration?) throws -> TimedCommand {
        let text = try command.execBytes()
        guard let limit = command.limit else {
            return TimedCommand(text: text, isLimited: false, timeout: TimeAmount(timeout ?? limits.commandTimeout))
        }
        return TimedCommand(text: text, isLimited: true, timeout: TimeAmount(max(timeout ?? limit, limit) + limits.timeoutMargin))
    }

    // MARK: Leases

    /// Runs `body` with a channel on a connection. A connection that was found dead before the command began, or on which not one channel can
    /// be opened, is replaced once.
    private func withLease<Result: Sendable>(
        for user: SSHUser, timeout: TimeAmount, _ body: (SSHConnection) async throws -> Result
    ) async throws -> Result {
        let start = NIODeadline.now()
        let patience = max(timeout, TimeAmount(limits.connectionTimeout + limits.loginTimeout))
        var hasReplaced = false
        var hadTurn = false
        while true {
            guard let lease = try await lease(for: user, until: start + patience, first: hadTurn) else { continue }
            do {
                metrics.commands.increment()
                let result = try await body(lease.connection)
                release(lease)
                return result
            } catch let error as CommandNotStarted {
                hadTurn = true
                switch error.reason {
                case .connectionDead:
                    lost(lease.id)
                    if hasReplaced { throw error.cause }
                    hasReplaced = true
                case .channelRefused:
                    let hasOthers = refused(lease)
                    if NIODeadline.now() >= start + patience { throw error.cause }
                    // Not one channel: another login may help once, but a server that lets nobody do anything is not to be asked on and on.
                    if !hasOthers {
                        if hasReplaced { throw error.cause }
                        hasReplaced = true
                    }
                }
            } catch {
                release(lease)
                throw error
            }
        }
    }

    /// A channel for one command; nil if the connection that had it was lost just then.
    private func lease(for user: SSHUser, until deadline: NIODeadline, first: Bool) async throws -> Lease? {
        let start = NIODeadline.now()
        let atOnce = try shared.withLock { shared -> Lease? in
            if shared.isShutDown { throw SSHError(.shutDown, "The service is being stopped.") }
            guard let id = shared.state.leaseAtOnce(user: user.name), let connection = shared.connections[id] else { return nil }
            return Lease(id: id, connection: connection)
        }
        if let atOnce { return atOnce }
        defer { metrics.waiting.recordNanoseconds((NIODeadline.now() - start).nanoseconds) }
        return try await wait(for: user, until: deadline) { $0.enqueue($1, user: user.name, now: .now(), first: first) }
    }

    /// Waits for what `enqueue` asks of the bookkeeping.
    private func wait(
        for user: SSHUser, until deadline: NIODeadline,
        _ enqueue: (inout SSHPoolState, SSHPoolState.WaiterID) -> [SSHPoolState.Action]
    ) async throws -> Lease? {
        let id = shared.withLock { shared in
            shared.lastWaiter += 1
            return shared.lastWaiter
        }
        let timer = group.any().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            giveUp(id, user: user.name, with: tooBusy())
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let actions = shared.withLock { shared in
                    shared.waiting[id] = continuation
                    shared.latestUsers[user.name] = user
                    startHousekeeping(&shared)
                    return enqueue(&shared.state, id)
                }
                perform(actions)
                // A cancellation or a deadline that came before the registration found nothing to give up.
                if Task.isCancelled { giveUp(id, user: user.name, with: CancellationError()) }
                if deadline <= .now() { giveUp(id, user: user.name, with: tooBusy()) }
            }
        } onCancel: {
            giveUp(id, user: user.name, with: CancellationError())
        }
    }

    private func giveUp(_ waiter: SSHPoolState.WaiterID, user: String, with error: any Error) {
        let continuation = shared.withLock { shared -> Waiting? in
            guard shared.state.remove(waiter, user: user) else { return nil }
            return shared.waiting.removeValue(forKey: waiter)
        }
        continuation?.resume(throwing: error)
    }

    private func tooBusy() -> SSHError {
        SSHError(
            .capacityExceeded,
            "No SSH connection to \(system) became free in time: all \(limits.maximumConnections) that ssh.max_clients allows, or all channels of the user, are busy.")
    }

    /// A share in a connection, to be returned; nil if the connection that it was in was lost just then.
    func share(for user: SSHUser, until deadline: NIODeadline) async throws -> Lease? {
        let start = NIODeadline.now()
        let atOnce = try shared.withLock { shared -> Lease? in
            if shared.isShutDown { throw SSHError(.shutDown, "The service is being stopped.") }
            guard let id = shared.state.shareAtOnce(user: user.name) else { return nil }
            guard let connection = shared.connections[id] else {
                _ = shared.state.releaseShare(id, now: .now())
                return nil
            }
            return Lease(id: id, connection: connection)
        }
        if let atOnce { return atOnce }
        defer { metrics.waiting.recordNanoseconds((NIODeadline.now() - start).nanoseconds) }
        return try await wait(for: user, until: deadline) { $0.enqueueSharer($1, user: user.name, now: .now()) }
    }

    func releaseShare(_ lease: Lease) {
        perform(shared.withLock { $0.state.releaseShare(lease.id, now: .now()) })
    }

    /// The server has no channel left for SFTP on a connection.
    ///
    /// - Returns: Whether there will be one when commands have ended.
    func refusedShare(_ lease: Lease) -> Bool {
        let (hasCommands, actions) = shared.withLock { shared in
            (shared.state.lowerLimit(lease.id, now: .now()), shared.state.releaseShare(lease.id, now: .now()))
        }
        perform(actions)
        return hasCommands
    }

    private func release(_ lease: Lease) {
        perform(shared.withLock { $0.state.release(lease.id, now: .now()) })
    }

    /// - Returns: Whether the connection has other channels in use.
    private func refused(_ lease: Lease) -> Bool {
        let (actions, hasOthers) = shared.withLock { shared in
            let hasOthers = shared.state.connections[lease.id].map { $0.inUse > 1 } ?? true
            return (shared.state.refused(lease.id, now: .now()), hasOthers)
        }
        perform(actions)
        return hasOthers
    }

    // MARK: What the bookkeeping asks for

    private func perform(_ actions: [SSHPoolState.Action]) {
        for action in actions { perform(action) }
        if !actions.isEmpty { metrics.connections.record(shared.withLock { $0.state.connectionCount }) }
    }

    private func perform(_ action: SSHPoolState.Action) {
        switch action {
        case .open(let id, let user):
            let user = shared.withLock { $0.latestUsers[user] } ?? SSHUser(name: user, token: "")
            // A login serves all who wait for it, so it belongs to none of them.
            Task { await open(id, for: user) }
        case .close(let id):
            let connection = shared.withLock { $0.connections.removeValue(forKey: id) }
            if let connection { Task { await connection.close() } }
        case .lease(let waiter, let id):
            hand(waiter, id)
        case .fail(let waiter, _):
            // Only a failed login fails waiters, and does so itself.
            assertionFailure("waiter \(waiter) has no error to fail with")
        case .checkGrowth(let user, let time):
            group.any().scheduleTask(deadline: time) { [weak self] in
                guard let self else { return }
                perform(shared.withLock { $0.state.growthDue(user: user, now: .now()) })
            }
        }
    }

    private func hand(_ waiter: SSHPoolState.WaiterID, _ id: SSHPoolState.ConnectionID) {
        let (continuation, connection) = shared.withLock { ($0.waiting.removeValue(forKey: waiter), $0.connections[id]) }
        guard let continuation else { return }
        if let connection {
            continuation.resume(returning: Lease(id: id, connection: connection))
        } else {
            // It was lost between the lock and here.
            continuation.resume(returning: nil)
        }
    }

    private func open(_ id: SSHPoolState.ConnectionID, for user: SSHUser) async {
        do {
            let credential = try await credentials.credential(for: user)
            let connection = try await logins.run {
                try await self.connector.connect(as: user.name, with: credential, on: self.group.next()) { [weak self] in
                    self?.lost(id)
                }
            }
            metrics.logins.increment()
            let actions = shared.withLock { shared in
                if !shared.isShutDown { shared.connections[id] = connection }
                return shared.state.opened(id, user: user.name, now: .now())
            }
            if shared.withLock({ $0.connections[id] == nil }) { await connection.close() }
            perform(actions)
        } catch {
            metrics.failedLogins.increment()
            logger.debug("SSH login failed", metadata: ["user": "\(user.name)", "error": "\(error)"])
            failed(id, user: user.name, with: error)
        }
    }

    private func failed(_ id: SSHPoolState.ConnectionID, user: String, with error: any Error) {
        let (continuations, actions) = shared.withLock { shared in
            var continuations: [Waiting] = []
            var others: [SSHPoolState.Action] = []
            for action in shared.state.openFailed(id, user: user, now: .now()) {
                if case .fail(let waiter, of: id) = action {
                    if let continuation = shared.waiting.removeValue(forKey: waiter) { continuations.append(continuation) }
                } else {
                    others.append(action)
                }
            }
            return (continuations, others)
        }
        for continuation in continuations { continuation.resume(throwing: error) }
        perform(actions)
    }

    func lost(_ id: SSHPoolState.ConnectionID) {
        let actions = shared.withLock { shared in
            shared.connections[id] = nil
            return shared.state.lost(id, now: .now())
        }
        perform(actions)
    }

    // MARK: Housekeeping

    private func startHousekeeping(_ shared: inout Shared) {
        guard shared.housekeeping == nil else { return }
        let interval = max(TimeAmount.milliseconds(20), min(TimeAmount(limits.idleTimeout) * 1 / 4, .seconds(5)))
        shared.housekeeping = group.next().scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] task in
            guard let self else { return task.cancel() }
            self.prune()
        }
    }

    private func prune() {
        let actions = shared.withLock { shared in
            let actions = shared.state.prune(now: .now())
            shared.latestUsers = shared.latestUsers.filter { shared.state.users[$0.key] != nil }
            if shared.state.users.isEmpty {
                shared.housekeeping?.cancel()
                shared.housekeeping = nil
            }
            return actions
        }
        perform(actions)
    }

    /// How many connections are open or being opened.
    public var connectionCount: Int {
        shared.withLock { $0.state.connectionCount }
    }

    /// Ends every connection properly. What still runs or waits fails.
    public func shutdown() async {
        let (connections, continuations) = shared.withLock { shared in
            shared.isShutDown = true
            shared.housekeeping?.cancel()
            shared.housekeeping = nil
            let all = (Array(shared.connections.values), Array(shared.waiting.values))
            shared.connections = [:]
            shared.waiting = [:]
            return all
        }
        for continuation in continuations { continuation.resume(throwing: SSHError(.shutDown, "The service is being stopped.")) }
        for connection in connections { await connection.close() }
    }
}

extension TimeAmount {
    fileprivate static func / (amount: TimeAmount, divisor: Int64) -> TimeAmount {
        .nanoseconds(amount.nanoseconds / divisor)
    }
}
