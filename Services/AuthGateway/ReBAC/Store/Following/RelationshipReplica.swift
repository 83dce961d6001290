import GoldcrestPostgres
import Logging
import ReBAC
import ServiceLifecycle
import Synchronization

/// All stores in memory, as the database has them: read when the gateway starts, and from then on every change soon after it was made.
///
/// Every look asks the database where all stores stand and reads what the log has beyond what is known. Looks happen when the database notifies
/// of a change, every few seconds whether it does or not, and when somebody asks for one. While the database is away the last known state stays
/// in force for `maxStaleness`; ages are measured by a clock that nobody sets.
final class RelationshipReplica: Service, Sendable {
    private static let modelsInMemory = 64
    private static let preparationRetry = Duration.seconds(1)

    private let store: RelationshipStore
    private let seed: RelationshipSeed?
    private let maxStaleness: Duration
    /// Between two looks when nothing is notified. A look that finds nothing new confirms what is known, so a quiet store is never stale.
    private let interval: Duration
    private let logger: Logger
    private let known = Shared()
    private let models = ModelCache(capacity: modelsInMemory)
    private let looks: LookQueue

    /// - Parameters:
    ///   - seed: What the gateway's own store is filled with.
    ///   - maxStaleness: How long answers are given while the database does not confirm them.
    init(store: RelationshipStore, seed: RelationshipSeed?, maxStaleness: Duration, logger: Logger) {
        self.store = store
        self.seed = seed
        self.maxStaleness = maxStaleness
        self.logger = logger
        interval = min(.seconds(5), maxStaleness / 4)
        looks = LookQueue { [known, logger] in try await known.look(at: store, logger: logger) }
    }

    // MARK: - What is known

    /// The gateway's own store; `nil` until it is known.
    var goldcrestStoreID: String? { known.current.goldcrestStoreID }

    /// The store as it is known now. Costs next to nothing.
    ///
    /// - Throws: ``RelationshipStoreError/notLoaded(reason:)``, ``RelationshipStoreError/stale(age:)`` – then all must be denied –,
    ///   ``RelationshipStoreError/storeNotFound(id:)``.
    func snapshot(of storeID: String) throws(RelationshipStoreError) -> StoreSnapshot {
        try known.current.snapshot(of: storeID, maxStaleness: maxStaleness, now: .now)
    }

    /// Why nothing, or nothing new, is known; `nil` when all is well. For readiness.
    var problem: String? {
        let known = known.current
        let reason = known.trouble.map { ": \($0)" } ?? ""
        guard let confirmedAt = known.confirmedAt else { return "the relationships are not read yet\(reason)" }
        let age = ContinuousClock.now - confirmedAt
        let unconfirmed = "the relationships have not been confirmed for \(age.components.seconds) s\(reason)"
        if age > maxStaleness { return "everything is denied, since \(unconfirmed)" }
        // One look may be lost or slow without anything being wrong.
        if age > interval * 2 + .seconds(1) { return unconfirmed }
        let ownStore = known.goldcrestStoreID.flatMap { known.states[$0] }
        return seed != nil && ownStore == nil ? "the gateway's own store of relationships is not there" : nil
    }

    /// Asks the database for what is new. Afterwards ``snapshot(of:)`` has at least what was committed before the call: for questions with
    /// `HIGHER_CONSISTENCY`, and for reading one's own writes. All who ask at the same time share one look.
    ///
    /// - Throws: ``RelationshipStoreError/unavailable(reason:)`` also when it takes longer than `limit`.
    func refresh(within limit: Duration) async throws(RelationshipStoreError) {
        do {
            guard try await looks.wait(within: limit) else {
                throw RelationshipStoreError.unavailable(reason: "no answer within \(limit / .seconds(1)) s")
            }
        } catch let error as RelationshipStoreError {
            throw error
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    /// A model of a store, from memory where it has been asked for lately.
    ///
    /// - Parameter id: Absent for the newest one.
    /// - Throws: ``RelationshipStoreError/modelNotFound(id:)``, ``RelationshipStoreError/noModel(storeID:)``,
    ///   ``RelationshipStoreError/unusableModel(id:reason:)``, or as ``snapshot(of:)``.
    func model(_ id: String?, in storeID: String) async throws(RelationshipStoreError) -> UsableModel {
        let snapshot = try snapshot(of: storeID)
        guard let id else { return try snapshot.newestModel() }
        if case .usable(let newest) = snapshot.newest, newest.id == id { return newest }
        if let model = models.model(id, in: storeID) { return model }
        let model = try await store.asking { [store] in try await store.usableModel(id, in: try await store.head(of: storeID)) }
        models.keep(model, in: storeID)
        return model
    }

    // MARK: - Following

    /// Brings the tables up to date, seeds the gateway's own store, reads all stores and follows their changes until graceful shutdown.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.measureAge() }
                tasks.addTask {
                    await self.prepare()
                    await self.follow()
                }
                await tasks.waitForAll()
            }
        }
    }

    /// Without tables there is nothing to read, and without the seed the first readers would find the gateway's own store empty.
    private func prepare() async {
        while !Task.isCancelled {
            do {
                // The migration would wait much longer for a database that is away before it said so.
                _ = try await store.pool.query("SELECT 1")
                try await store.migrate()
                if let seed {
                    let id = try await store.plant(seed)
                    known.update { $0.goldcrestStoreID = id }
                }
                return
            } catch {
                known.report("\(error)", logger)
                try? await Task.sleep(for: Self.preparationRetry)
            }
        }
    }

    private func follow() async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Nobody waits here: while a look is under way, all further notifications come to one more.
                for await _ in self.store.notifications() { _ = await self.looks.enqueue() }
            }
            tasks.addTask {
                while !Task.isCancelled {
                    _ = await self.looks.enqueue().result
                    try? await Task.sleep(for: self.interval)
                }
            }
            await tasks.waitForAll()
        }
    }

    private func measureAge() async {
        while !Task.isCancelled {
            if let confirmedAt = known.current.confirmedAt { known.metrics.record(age: ContinuousClock.now - confirmedAt) }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}

/// What the replica's tasks and its readers share.
private final class Shared: Sendable {
    let metrics = ReplicaMetrics()
    private let stores = Mutex(KnownStores())

    var current: KnownStores { stores.withLock { $0 } }

    func update(_ change: (inout KnownStores) -> Void) { stores.withLock { change(&$0) } }

    /// One look: all that is new in the database becomes known at once, or, if anything fails, nothing of it.
    func look(at store: RelationshipStore, logger: Logger) async throws {
        let began = ContinuousClock.now
        do {
            let earlier = current.states
            var states: [String: StoreState] = [:]
            for head in try await store.heads() { states[head.id] = try await StoreState.current(head, from: earlier[head.id], in: store) }
            let isRecovery = publish(states, confirmedAt: began)
            if isRecovery { logger.info("the relationships are up to date", metadata: ["rebac.stores": "\(states.count)"]) }
        } catch {
            metrics.countFailure()
            report("\(error)", logger)
            throw error
        }
    }

    /// - Returns: Whether these are the first ones, or the first ones after trouble.
    private func publish(_ states: [String: StoreState], confirmedAt: ContinuousClock.Instant) -> Bool {
        let (known, isRecovery) = stores.withLock { known in
            let isRecovery = known.confirmedAt == nil || known.trouble != nil
            known.states = states
            known.confirmedAt = confirmedAt
            known.trouble = nil
            return (known, isRecovery)
        }
        metrics.record(known)
        return isRecovery
    }

    /// The same trouble is logged once, not at every try.
    func report(_ trouble: String, _ logger: Logger) {
        let isNew = stores.withLock { known in
            defer { known.trouble = trouble }
            return known.trouble != trouble
        }
        if isNew { logger.warning("the relationships cannot be read", metadata: ["error": "\(trouble)"]) }
    }
}
