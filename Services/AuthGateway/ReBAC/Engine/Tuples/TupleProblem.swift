/// Why a tuple does not fit a model. The reasons are OpenFGA's (`internal/validation` and its `Write`).
public enum TupleProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model does not have the type of the object or the user.
    case unknownType(String)
    case unknownRelation(String, type: String)
    /// The relation takes no such user; with why.
    case notAllowed(String)
    /// The condition is missing, unknown or not for this relation, or its context does not have the parameters' types; with why.
    case invalidCondition(String)
    /// It says what holds anyway: `group:eng#member` is `member` of `group:eng`.
    case implicit
    /// The context of the condition has more bytes than ``TupleRules/maximumContextBytes``.
    case contextTooLarge(bytes: Int)

    public var description: String {
        switch self {
        case .unknownType(let type): "type '\(type)' not found"
        case .unknownRelation(let relation, let type): "relation '\(type)#\(relation)' not found"
        case .notAllowed(let reason), .invalidCondition(let reason): reason
        case .implicit: "cannot write a tuple that is implicit"
        case .contextTooLarge(let bytes): "condition context size limit exceeded: \(bytes) bytes exceeds \(TupleRules.maximumContextBytes) bytes"
        }
    }

    /// What OpenFGA tells of the tuple that has this problem.
    public func message(about tuple: RelationshipTuple) -> String {
        var subject = tuple.key.description
        if case .invalidCondition = self, let condition = tuple.condition { subject += " (condition \(condition.name))" }
        return "Invalid tuple '\(subject)'. Reason: \(self)"
    }
}
