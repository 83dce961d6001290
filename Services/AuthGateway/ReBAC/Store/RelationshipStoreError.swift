import ReBAC

/// Why a store of relationships did not do what it was asked for.
enum RelationshipStoreError: Error, Sendable, Equatable {
    /// There is no such store, or it has been deleted.
    case storeNotFound(id: String)
    /// The store is the one that the gateway decides by, which cannot be deleted.
    case ownStore(id: String)
    /// The store has no model of that id.
    case modelNotFound(id: String)
    /// The store has no model yet.
    case noModel(storeID: String)
    /// The model is there but cannot be used, such as one that a later version of the gateway has written; with what is wrong.
    case unusableModel(id: String, reason: String)
    /// The store's newest model is another one than the caller checked its tuples against: check them anew.
    case newestModelChanged(to: String)
    /// One request names the tuple twice, in its writes, in its deletes or in both.
    case repeatedTuple(TupleKey)
    /// The tuple that is to be written is there already.
    case tupleExists(TupleKey)
    /// The tuple that is to be deleted is not there.
    case tupleMissing(TupleKey)
    /// The tuple that is to be written is there with another condition, which ``TupleWrite/OnConflict/ignore`` does not cover.
    case conditionDiffers(TupleKey)
    /// A page begins at something that the store has not given out, or not for this store and list.
    case invalidContinuationToken
    /// A page of changes goes on with another type than it began with.
    case continuesOtherType
    /// What is known is not read yet; with the reason.
    case notLoaded(reason: String)
    /// What is known has not been confirmed for so long that nothing may be decided by it.
    case stale(age: Duration)
    /// The database does not answer, or not in time. A write may have taken effect all the same.
    case unavailable(reason: String)
}

extension RelationshipStoreError: CustomStringConvertible {
    var description: String {
        switch self {
        case .storeNotFound(let id): "there is no store \(id)"
        case .ownStore(let id): "the store \(id) is the one that the gateway decides by, and cannot be deleted"
        case .modelNotFound(let id): "there is no authorization model \(id)"
        case .noModel(let storeID): "the store \(storeID) has no authorization model"
        case .unusableModel(let id, let reason): "the authorization model \(id) cannot be used: \(reason)"
        case .newestModelChanged(let id): "the store's newest authorization model is now \(id)"
        case .repeatedTuple(let key): "the request names the tuple \(key) twice"
        case .tupleExists(let key): "the tuple \(key) is there already"
        case .tupleMissing(let key): "there is no tuple \(key)"
        case .conditionDiffers(let key): "the tuple \(key) is there with another condition"
        case .invalidContinuationToken: "the continuation token is none that was given out for this list"
        case .continuesOtherType: "the continuation token was given out for another type"
        case .notLoaded(let reason): "the relationships are not known yet: \(reason)"
        case .stale(let age): "the relationships have not been confirmed by the database for \(age.components.seconds) s"
        case .unavailable(let reason): "the database does not answer: \(reason)"
        }
    }
}
