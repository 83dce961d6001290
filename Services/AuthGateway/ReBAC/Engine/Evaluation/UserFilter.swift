/// What kind of users is wanted: those of a type (`user`), or usersets (`group#member`).
public struct UserFilter: Sendable, Hashable {
    public var type: String
    public var relation: String?

    public init(type: String, relation: String? = nil) {
        self.type = type
        self.relation = relation
    }
}
