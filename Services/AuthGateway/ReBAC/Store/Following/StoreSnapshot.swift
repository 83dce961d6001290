import ReBAC

/// One consistent state of a store.
struct StoreSnapshot: Sendable {
    /// What the store's newest model is.
    enum NewestModel: Sendable {
        case none
        case usable(UsableModel)
        /// It says nothing that this gateway understands, so nothing may be decided by it.
        case unusable(id: String, reason: String)
    }

    let storeID: String
    let newest: NewestModel
    let tuples: TupleIndex
    /// Of the last change that is in it.
    let position: Int64
    /// When the database was asked last whether there is anything newer, and there was not.
    let asOf: ContinuousClock.Instant

    /// - Throws: ``RelationshipStoreError/noModel(storeID:)``, ``RelationshipStoreError/unusableModel(id:reason:)``.
    func newestModel() throws(RelationshipStoreError) -> UsableModel {
        switch newest {
        case .usable(let model): return model
        case .none: throw .noModel(storeID: storeID)
        case .unusable(let id, let reason): throw .unusableModel(id: id, reason: reason)
        }
    }
}

/// A stored model, ready for questions.
struct UsableModel: Sendable {
    let id: String
    let compiled: CompiledModel
}
