import ReBAC

/// The three texts of a tuple as a message has them.
struct TupleTexts: CustomStringConvertible {
    let object: String
    let relation: String
    let user: String

    var description: String { "\(object)#\(relation)@\(user)" }

    /// The key of a tuple to write or to take into account.
    init(ofTuple fields: MessageFields) throws(OpenFGAError) {
        user = try fields.text("user", upToBytes: 512)
        relation = try fields.text("relation", .relation, isOptional: true)
        object = try fields.text("object", .object, isOptional: true)
    }

    /// What a check asks for.
    init(ofQuestion fields: MessageFields) throws(OpenFGAError) {
        user = try fields.text("user", .user)
        relation = try fields.text("relation", .relation)
        object = try fields.text("object", .object)
    }

    /// - Parameter code: What an error about it is told with.
    func key(failingWith code: OpenFGAError.Code) throws(OpenFGAError) -> TupleKey {
        do {
            return try TupleKey(object: object, relation: relation, user: user)
        } catch {
            throw OpenFGAError(code, "Invalid tuple '\(self)'. Reason: \(error)")
        }
    }
}

extension RelationshipTuple {
    /// OpenFGA's `TupleKey`.
    ///
    /// - Parameter code: What an error about its texts is told with.
    init(_ fields: MessageFields, failingWith code: OpenFGAError.Code) throws(OpenFGAError) {
        let texts = try TupleTexts(ofTuple: fields)
        var condition: TupleCondition?
        if let part = try fields.fields("condition", of: "RelationshipCondition") {
            condition = TupleCondition(name: try part.text("name", .condition), context: try part.context("context"))
        }
        self.init(key: try texts.key(failingWith: code), condition: condition)
    }
}

extension MessageFields {
    /// The tuples that a question brings along.
    func contextualTuples() throws(OpenFGAError) -> [RelationshipTuple] {
        guard let part = try fields("contextual_tuples", of: "ContextualTupleKeys") else { return [] }
        return try part.contextualTuples("tuple_keys", upTo: 100)
    }

    func contextualTuples(_ name: String, upTo maximum: Int) throws(OpenFGAError) -> [RelationshipTuple] {
        let list = try list(name, of: "TupleKey")
        guard list.count <= maximum else { throw invalid(name, "value must contain no more than \(maximum) item(s)") }
        var tuples: [RelationshipTuple] = []
        for fields in list { tuples.append(try RelationshipTuple(fields, failingWith: .invalidTuple)) }
        return tuples
    }
}
