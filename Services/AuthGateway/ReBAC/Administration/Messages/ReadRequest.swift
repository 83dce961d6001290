import ReBAC

/// `POST /stores/{store}/read`
struct ReadRequest: Sendable {
    let filter: TupleFilter
    let page: PageRequest
    let consistency: QuestionScope.Consistency

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("ReadRequest", body)
        page = try PageRequest(message: "ReadRequest", size: fields.integer("page_size"), token: fields.text("continuation_token"))
        filter = try Self.filter(fields.fields("tuple_key", of: "ReadRequestTupleKey"))
        consistency = try QuestionScope(fields).consistency
    }

    /// The object may be a type with a colon behind it; then the user must be there.
    private static func filter(_ key: MessageFields?) throws(OpenFGAError) -> TupleFilter {
        guard let key else { return TupleFilter() }
        let texts = try TupleTexts(ofTuple: key)
        let parts = texts.object.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let type = parts.first.map(String.init) ?? ""
        let id = parts.count > 1 ? String(parts[1]) : ""
        guard !type.isEmpty, parts.count == 2, !(id.isEmpty && texts.user.isEmpty) else {
            throw OpenFGAError(
                .validationError,
                "the 'tuple_key' field was provided but the object type field is required and both the object id and user cannot be empty")
        }
        return TupleFilter(
            objectType: type, objectID: id.isEmpty ? nil : id, relation: texts.relation.isEmpty ? nil : texts.relation,
            user: texts.user.isEmpty ? nil : texts.user)
    }
}
