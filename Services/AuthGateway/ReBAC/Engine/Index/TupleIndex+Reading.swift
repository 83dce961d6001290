import HashTreeCollections

// How an evaluation reads the tuples: by numbers, which it gets for the names in its question once and turns into names again in its answer.
// See ``IndexedTuple`` for how a tuple is made up of them. All of it is read from one snapshot, in an order that depends on nothing else.
extension TupleIndex {
    typealias ID = NameTable.ID

    /// The number of an object's or user's id; ``NameTable/unknown``, which no tuple has, if no tuple has the name.
    func name(_ id: String) -> ID { names.id(of: id) ?? NameTable.unknown }

    /// The number of `document#viewer`, `user` or `user:*`; ``NameTable/unknown`` if no tuple has it.
    func reference(_ reference: String) -> ID { references.id(of: reference) ?? NameTable.unknown }

    /// The id of an object or user by its number.
    func id(ofName name: ID) -> String { names.name(of: name) }

    /// `document#viewer`, `user` or `user:*` by its number.
    func text(ofReference reference: ID) -> String { references.name(of: reference) }

    /// A tuple's key in words.
    func key(of tuple: IndexedTuple) -> TupleKey {
        let relation = references.name(of: tuple.relation).split(separator: "#", maxSplits: 1)
        return TupleKey(
            object: ObjectReference(type: String(relation.first ?? ""), id: names.name(of: tuple.object)), relation: String(relation.last ?? ""),
            user: user(kind: tuple.kind, name: tuple.user))
    }

    /// A user in words.
    func user(kind: ID, name: ID) -> UserReference {
        let reference = references.name(of: kind)
        if let hash = reference.firstIndex(of: "#") {
            let object = ObjectReference(type: String(reference[..<hash]), id: names.name(of: name))
            return .userset(object, relation: String(reference[reference.index(after: hash)...]))
        }
        if reference.hasSuffix(":*") { return .wildcard(type: String(reference.dropLast(2))) }
        return .object(ObjectReference(type: reference, id: names.name(of: name)))
    }

    func contains(_ tuple: IndexedTuple) -> Bool { forward.contains(tuple.forward) }

    /// The condition of a tuple, which must be there; nil if it has none.
    func condition(of tuple: IndexedTuple) -> TupleCondition? {
        // Most stores have no conditions at all.
        conditions.isEmpty ? nil : conditions[tuple.forward]
    }

    /// Forward: the tuples that relate users of one kind (`user`, `user:*`, `group#member`) to an object by a relation (`document#viewer`).
    func tuples(relation: ID, object: ID, kind: ID) -> IndexedTuples {
        IndexedTuples(of: forward, from: IndexKey(relation, object, kind, 0), comparing: 3)
    }

    /// Forward: the tuples that relate users of any kind to an object by a relation (`document#viewer`); those of one kind stand together.
    func tuples(relation: ID, object: ID) -> IndexedTuples {
        IndexedTuples(of: forward, from: IndexKey(relation, object, 0, 0), comparing: 2)
    }

    /// Forward: the tuples that relate anyone to any object by a relation (`document#viewer`); those of one object stand together.
    func tuples(relation: ID) -> IndexedTuples {
        IndexedTuples(of: forward, from: IndexKey(relation, 0, 0, 0), comparing: 1)
    }

    /// Reverse: the tuples that relate a user of a kind (`user`, `user:*`, `group#member`; the name is then `*` or the id of the group)
    /// to objects by a relation (`document#viewer`).
    func tuples(kind: ID, user: ID, relation: ID) -> IndexedTuples {
        IndexedTuples(of: reverse, isReverse: true, from: IndexKey(kind, user, relation, 0), comparing: 3)
    }

    /// Reverse: the tuples that relate a user of a kind to objects by any relation; those of one relation stand together.
    func tuples(kind: ID, user: ID) -> IndexedTuples {
        IndexedTuples(of: reverse, isReverse: true, from: IndexKey(kind, user, 0, 0), comparing: 2)
    }
}

/// Tuples that stand together in an index.
struct IndexedTuples: Sequence, IteratorProtocol {
    private var elements: SortedTree<IndexKey>.Elements
    private let start: IndexKey
    private let comparing: Int
    private let isReverse: Bool

    /// - Parameter comparing: How many of the start's numbers all must have.
    fileprivate init(of tree: SortedTree<IndexKey>, isReverse: Bool = false, from start: IndexKey, comparing: Int) {
        elements = tree.elements(from: start)
        self.start = start
        self.comparing = comparing
        self.isReverse = isReverse
    }

    mutating func next() -> IndexedTuple? {
        guard let key = elements.next(), key.shares(comparing, with: start) else { return nil }
        return isReverse ? IndexedTuple(reverse: key) : IndexedTuple(forward: key)
    }
}
