extension UserReference {
    /// What OpenFGA's API takes of a tuple's user.
    public static let maximumBytes = 512

    /// Reads `user:anne`, `user:*` or `group:eng#member`.
    ///
    /// - Throws: ``InvalidReference`` where it is none that OpenFGA takes as a tuple's user.
    public init(parsing text: some StringProtocol) throws(InvalidReference) {
        if text.isEmpty { throw InvalidReference(.user, .empty) }
        if text.utf8.count > Self.maximumBytes { throw InvalidReference(.user, .tooLong) }
        switch ReferenceText.form(of: text) {
        case .malformed: throw InvalidReference(.user, .malformed)
        case .untyped: throw InvalidReference(.user, .untyped)
        case .typed(let parts):
            let object = ObjectReference(type: String(parts.type), id: String(parts.id))
            if let relation = parts.relation {
                // A set of users belongs to one object, and both halves of it are plain: `group:*#member` says nothing.
                guard !object.id.utf8.contains(UInt8(ascii: "*")), !relation.utf8.contains(UInt8(ascii: "*")) else {
                    throw InvalidReference(.user, .malformed)
                }
                self = .userset(object, relation: String(relation))
            } else {
                self = object.id == "*" ? .wildcard(type: object.type) : .object(object)
            }
        }
    }
}
