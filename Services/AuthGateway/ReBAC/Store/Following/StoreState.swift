import ReBAC

/// A store as it was at one position.
struct StoreState: Sendable {
    var head: StoreHead
    var newest: StoreSnapshot.NewestModel
    var tuples: TupleIndex
}

extension StoreState {
    /// A store as it is now, from nothing or from what is known of it.
    ///
    /// - Parameters:
    ///   - head: Where the store stood a moment ago.
    ///   - known: An earlier state of it.
    static func current(_ head: StoreHead, from known: StoreState?, in store: RelationshipStore) async throws -> StoreState? {
        // Positions only grow. One that has gone back is that of another database, such as a restored one: what is known means nothing there.
        if let known, known.head.number == head.number, known.head.position <= head.position {
            if known.head == head { return known }
            var state = known
            try await state.follow(to: head, in: store)
            return state
        }
        guard let (tuples, reached) = try await allTuples(of: head, in: store) else { return nil }
        var state = StoreState(head: head, newest: .none, tuples: tuples)
        state.newest = try await newestModel(of: reached, in: store)
        try await state.apply(after: head.position, to: reached, in: store)
        return state
    }

    /// All tuples, which were read while others may have been writing: what changed after `head`, up to the head that is returned, is yet to be
    /// applied to make it one state.
    private static func allTuples(of head: StoreHead, in store: RelationshipStore) async throws -> (TupleIndex, StoreHead)? {
        var tuples = TupleIndex()
        guard head.position > 0 else { return (tuples, head) }
        var batch = try await store.tuples(of: head, after: 0)
        while let last = batch.lastPosition {
            // The next batch is on its way while this one is taken in.
            async let next = store.tuples(of: head, after: last)
            for tuple in batch.elements { tuples.insert(tuple) }
            batch = try await next
        }
        // A store that has been deleted meanwhile is nothing any more.
        do {
            return (tuples, try await store.head(of: head.id))
        } catch RelationshipStoreError.storeNotFound {
            return nil
        }
    }

    private mutating func follow(to head: StoreHead, in store: RelationshipStore) async throws {
        if head.newestModelID != self.head.newestModelID { newest = try await Self.newestModel(of: head, in: store) }
        try await apply(after: self.head.position, to: head, in: store)
    }

    /// Replays the log. A change that the tuples have already does no harm: the last change of every tuple decides.
    private mutating func apply(after start: Int64, to head: StoreHead, in store: RelationshipStore) async throws {
        var position = start
        while position < head.position {
            let batch = try await store.changes(of: head, after: position)
            guard let last = batch.lastPosition, last - position == batch.elements.count else {
                throw RelationshipStoreError.unavailable(reason: "the change log of the store \(head.id) has a gap behind position \(position)")
            }
            for change in batch.elements {
                switch change.operation {
                case .write: tuples.insert(change.tuple)
                case .delete: tuples.remove(change.tuple.key)
                }
            }
            position = last
        }
        self.head = head
    }

    private static func newestModel(of head: StoreHead, in store: RelationshipStore) async throws -> StoreSnapshot.NewestModel {
        guard let id = head.newestModelID else { return .none }
        do {
            return .usable(try await store.usableModel(id, in: head))
        } catch RelationshipStoreError.unusableModel(let id, let reason) {
            return .unusable(id: id, reason: reason)
        } catch RelationshipStoreError.modelNotFound {
            return .unusable(id: id, reason: "it is not there")
        }
    }
}

extension RelationshipStore {
    /// A model, ready for questions.
    ///
    /// - Throws: As ``model(_:in:)-(String,StoreHead)``.
    func usableModel(_ id: String, in head: StoreHead) async throws -> UsableModel {
        let stored = try await model(id, in: head)
        do {
            return UsableModel(id: id, compiled: try CompiledModel(stored.model))
        } catch {
            throw RelationshipStoreError.unusableModel(id: id, reason: "\(error)")
        }
    }
}
