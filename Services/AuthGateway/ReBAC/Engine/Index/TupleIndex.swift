import HashTreeCollections

/// The tuples of a store in memory, found by object and by user.
///
/// It is a value, and a copy of it costs nothing: a reader keeps its copy as long as it likes while a writer goes on with its own and then
/// publishes that one. Neither waits for the other.
public struct TupleIndex: Sendable {
    /// What names objects and users have.
    private(set) var names = NameTable()
    /// `document#viewer`, `user` and the like.
    private(set) var references = NameTable()
    private(set) var forward = SortedTree<IndexKey>()
    private(set) var reverse = SortedTree<IndexKey>()
    /// Of the few tuples that have one, by their forward keys.
    private(set) var conditions = TreeDictionary<IndexKey, TupleCondition>()

    public init() {}

    public var count: Int { forward.count }
    public var isEmpty: Bool { forward.isEmpty }

    /// Adds a tuple in the place of one with the same key.
    ///
    /// - Returns: Whether there was none with that key.
    @discardableResult
    public mutating func insert(_ tuple: RelationshipTuple) -> Bool {
        let key = tuple.key
        let indexed = IndexedTuple(
            relation: references.use(key.object.reference(to: key.relation)), object: names.use(key.object.id),
            kind: references.use(key.user.reference), user: names.use(key.user.id))
        let isNew = forward.insert(indexed.forward) == nil
        if isNew { reverse.insert(indexed.reverse) } else { release(indexed) }
        if tuple.condition != nil || !isNew { conditions[indexed.forward] = tuple.condition }
        return isNew
    }

    /// - Returns: Whether there was one with that key.
    @discardableResult
    public mutating func remove(_ key: TupleKey) -> Bool {
        guard let indexed = indexed(key), forward.remove(indexed.forward) != nil else { return false }
        reverse.remove(indexed.reverse)
        conditions[indexed.forward] = nil
        release(indexed)
        return true
    }

    public subscript(key: TupleKey) -> RelationshipTuple? {
        guard let indexed = indexed(key), forward.contains(indexed.forward) else { return nil }
        return RelationshipTuple(key: key, condition: conditions[indexed.forward])
    }

    private func indexed(_ key: TupleKey) -> IndexedTuple? {
        guard let relation = references.id(of: key.object.reference(to: key.relation)), let object = names.id(of: key.object.id),
            let kind = references.id(of: key.user.reference), let user = names.id(of: key.user.id)
        else { return nil }
        return IndexedTuple(relation: relation, object: object, kind: kind, user: user)
    }

    private mutating func release(_ tuple: IndexedTuple) {
        references.release(tuple.relation)
        names.release(tuple.object)
        references.release(tuple.kind)
        names.release(tuple.user)
    }
}

extension ObjectReference {
    /// `document#viewer`: the relation together with the type that has it.
    func reference(to relation: String) -> String { "\(type)#\(relation)" }
}

extension UserReference {
    /// `user`, `user:*` or `group#member`.
    var reference: String {
        switch self {
        case .object(let object): object.type
        case .wildcard(let type): "\(type):*"
        case .userset(let object, let relation): object.reference(to: relation)
        }
    }

    /// The id of the object; `*` for all objects of a type.
    var id: String {
        switch self {
        case .object(let object), .userset(let object, _): object.id
        case .wildcard: "*"
        }
    }
}
