/// What identifies a relationship: `user` has `relation` to `object`. A store holds each at most once, whatever its condition.
public struct TupleKey: Sendable, Hashable, CustomStringConvertible {
    public var object: ObjectReference
    public var relation: String
    public var user: UserReference

    public init(object: ObjectReference, relation: String, user: UserReference) {
        self.object = object
        self.relation = relation
        self.user = user
    }

    /// As OpenFGA writes tuples in its messages.
    public var description: String { "\(object)#\(relation)@\(user)" }
}

/// A relationship that a store holds or that a request brings along, perhaps under a condition.
public struct RelationshipTuple: Sendable, Hashable {
    public var key: TupleKey
    /// Absent: it holds always.
    public var condition: TupleCondition?

    public init(key: TupleKey, condition: TupleCondition? = nil) {
        self.key = key
        self.condition = condition
    }
}

/// The condition of a tuple, with the parameters that are known already.
public struct TupleCondition: Sendable, Hashable {
    /// Of a condition of the model.
    public var name: String
    public var context: ConditionContext

    public init(name: String, context: ConditionContext = [:]) {
        self.name = name
        self.context = context
    }
}
