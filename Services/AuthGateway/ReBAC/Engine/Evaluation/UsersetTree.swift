/// How the users of a relation to an object are made up, one level deep (OpenFGA's `UsersetTree`).
public struct UsersetTree: Sendable, Hashable {
    public var root: Node

    public init(root: Node) { self.root = root }

    /// `document:1#viewer`.
    public struct Userset: Sendable, Hashable, CustomStringConvertible {
        public var object: ObjectReference
        public var relation: String

        public init(object: ObjectReference, relation: String) {
            self.object = object
            self.relation = relation
        }

        public var description: String { "\(object)#\(relation)" }
    }

    public struct Node: Sendable, Hashable {
        /// Whose users it tells; the same in the whole tree.
        public var name: Userset
        public var value: Value

        public init(name: Userset, value: Value) {
            self.name = name
            self.value = value
        }
    }

    public indirect enum Value: Sendable, Hashable {
        /// Whom tuples relate directly, each once.
        case users([UserReference])
        /// The users of another relation of the object.
        case computed(Userset)
        /// The users of a relation of each object that the tuples of the tupleset name.
        case tupleToUserset(tupleset: Userset, computed: [Userset])
        case union([Node])
        case intersection([Node])
        case difference(base: Node, subtract: Node)
    }
}
