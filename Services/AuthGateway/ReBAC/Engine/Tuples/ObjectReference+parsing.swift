extension ObjectReference {
    /// Unicode scalars of an object of a tuple, with its type and the colon; what OpenFGA's API takes.
    public static let maximumLength = 256

    /// Reads `document:plan`.
    ///
    /// - Throws: ``InvalidReference`` where it is none that OpenFGA takes as a tuple's object; a wildcard is none.
    public init(parsing text: some StringProtocol) throws(InvalidReference) {
        if text.isEmpty { throw InvalidReference(.object, .empty) }
        if ReferenceText.isLonger(text, than: Self.maximumLength) { throw InvalidReference(.object, .tooLong) }
        guard case .typed(let parts) = ReferenceText.form(of: text), parts.relation == nil else { throw InvalidReference(.object, .malformed) }
        if parts.id == "*" { throw InvalidReference(.object, .wildcard) }
        self.init(type: String(parts.type), id: String(parts.id))
    }
}
