/// Whom a tuple relates to an object: `user:anne`, `user:*` or `group:eng#member`.
public enum UserReference: Sendable, Hashable, CustomStringConvertible {
    case object(ObjectReference)
    /// Every object of the type.
    case wildcard(type: String)
    /// Everyone who has the relation to the object.
    case userset(ObjectReference, relation: String)

    public var type: String {
        switch self {
        case .object(let object), .userset(let object, _): object.type
        case .wildcard(let type): type
        }
    }

    public var description: String {
        switch self {
        case .object(let object): object.description
        case .wildcard(let type): "\(type):*"
        case .userset(let object, let relation): "\(object)#\(relation)"
        }
    }
}
