/// A tuple by the numbers that a ``TupleIndex`` gives its names.
///
/// A reference is what OpenFGA calls a relation reference: `document#viewer`, `user` or `user:*`. A tuple is thus written
/// `relation` (a reference, with the type of the object), `object` (a name), `kind` (the reference of the user), `user` (a name; `*` for all of a
/// type): `document:1#viewer@group:eng#member` is `document#viewer`, `1`, `group#member`, `eng`.
struct IndexedTuple: Sendable, Hashable {
    typealias ID = NameTable.ID

    var relation: ID
    var object: ID
    var kind: ID
    var user: ID
}

/// Four numbers, the first being the most significant.
struct IndexKey: Keyed, Hashable, Comparable {
    private let upper: UInt64
    private let lower: UInt64

    init(_ first: UInt32, _ second: UInt32, _ third: UInt32, _ fourth: UInt32) {
        upper = UInt64(first) << 32 | UInt64(second)
        lower = UInt64(third) << 32 | UInt64(fourth)
    }

    var key: IndexKey { self }

    var first: UInt32 { UInt32(truncatingIfNeeded: upper >> 32) }
    var second: UInt32 { UInt32(truncatingIfNeeded: upper) }
    var third: UInt32 { UInt32(truncatingIfNeeded: lower >> 32) }
    var fourth: UInt32 { UInt32(truncatingIfNeeded: lower) }

    /// Whether as many of the first numbers are the same, at most three.
    func shares(_ numbers: Int, with other: IndexKey) -> Bool {
        numbers == 1
            ? upper >> 32 == other.upper >> 32
            : upper == other.upper && (numbers == 2 || lower >> 32 == other.lower >> 32)
    }

    static func < (left: IndexKey, right: IndexKey) -> Bool {
        left.upper != right.upper ? left.upper < right.upper : left.lower < right.lower
    }
}

extension IndexedTuple {
    /// By object: the users of a relation to an object stand together, and among them those of one kind.
    var forward: IndexKey { IndexKey(relation, object, kind, user) }
    /// By user: the relations of a user stand together, and among them those to objects of one type by one relation.
    var reverse: IndexKey { IndexKey(kind, user, relation, object) }

    init(forward key: IndexKey) { self.init(relation: key.first, object: key.second, kind: key.third, user: key.fourth) }
    init(reverse key: IndexKey) { self.init(relation: key.third, object: key.fourth, kind: key.first, user: key.second) }
}
