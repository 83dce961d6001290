/// What is known of all stores, and since when.
struct KnownStores: Sendable {
    var states: [String: StoreState] = [:]
    /// When the look began that confirmed it last; `nil` before the first one.
    var confirmedAt: ContinuousClock.Instant?
    /// The gateway's own store.
    var goldcrestStoreID: String?
    /// Why the last attempt failed; `nil` when it did not.
    var trouble: String?
}

extension KnownStores {
    /// - Throws: ``RelationshipStoreError/notLoaded(reason:)``, ``RelationshipStoreError/stale(age:)``,
    ///   ``RelationshipStoreError/storeNotFound(id:)``.
    func snapshot(of storeID: String, maxStaleness: Duration, now: ContinuousClock.Instant) throws(RelationshipStoreError) -> StoreSnapshot {
        guard let confirmedAt else { throw .notLoaded(reason: trouble ?? "they are being read") }
        let age = now - confirmedAt
        guard age <= maxStaleness else { throw .stale(age: age) }
        guard let state = states[storeID] else { throw .storeNotFound(id: storeID) }
        return StoreSnapshot(
            storeID: storeID, newest: state.newest, tuples: state.tuples, position: state.head.position, asOf: confirmedAt)
    }
}
