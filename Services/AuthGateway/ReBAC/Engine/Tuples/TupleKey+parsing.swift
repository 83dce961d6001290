extension TupleKey {
    /// Unicode scalars; what OpenFGA's API takes.
    public static let maximumRelationLength = 50

    /// Reads the three texts of a tuple as OpenFGA's API has them.
    ///
    /// - Throws: ``InvalidReference`` for the first of user, object and relation that is wrong, in the order in which OpenFGA looks.
    public init(object: String, relation: String, user: String) throws(InvalidReference) {
        let user = try UserReference(parsing: user)
        let object = try ObjectReference(parsing: object)
        try Self.validate(relation: relation)
        self.init(object: object, relation: relation, user: user)
    }

    /// Whether a relation can be asked for by this name, in any model.
    public static func validate(relation: some StringProtocol) throws(InvalidReference) {
        if relation.isEmpty { throw InvalidReference(.relation, .empty) }
        if ReferenceText.isLonger(relation, than: maximumRelationLength) { throw InvalidReference(.relation, .tooLong) }
        guard ReferenceText.isName(relation) else { throw InvalidReference(.relation, .malformed) }
    }
}
