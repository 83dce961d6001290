import FoundationEssentials
import ReBAC

/// A store: models and tuples that belong together (OpenFGA's `Store`).
struct Store: Sendable, Hashable {
    /// A ULID.
    let id: String
    let name: String
    let createdAt: Date
    let updatedAt: Date
}

/// One version of a store's model. It never changes.
struct StoredModel: Sendable {
    /// A ULID: later versions have greater ids.
    let id: String
    let model: AuthorizationModel
}

struct StoredTuple: Sendable, Hashable {
    let tuple: RelationshipTuple
    let writtenAt: Date
}

/// An entry of a store's change log.
struct TupleChange: Sendable, Hashable {
    enum Operation: String, Sendable {
        case write = "TUPLE_OPERATION_WRITE"
        case delete = "TUPLE_OPERATION_DELETE"
    }

    let tuple: RelationshipTuple
    let operation: Operation
    let madeAt: Date
}

/// What one request writes, all of it or nothing.
struct TupleWrite: Sendable {
    /// What to do with a tuple that is there already, or that is to be deleted and is not there.
    enum OnConflict: Sendable { case fail, ignore }

    var writes: [RelationshipTuple] = []
    var deletes: [TupleKey] = []
    var onDuplicate = OnConflict.fail
    var onMissing = OnConflict.fail
}

/// Which tuples to read; what is absent may be anything. OpenFGA demands a type at least, which is checked before.
struct TupleFilter: Sendable {
    var objectType: String?
    var objectID: String?
    var relation: String?
    var user: String?
}
