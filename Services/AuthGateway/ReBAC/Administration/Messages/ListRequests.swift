import ReBAC

/// `POST /stores/{store}/list-objects` and `…/streamed-list-objects`
struct ListObjectsRequest: Sendable {
    let type: String
    let relation: String
    let user: UserReference
    let contextualTuples: [RelationshipTuple]
    let context: ConditionContext
    let scope: QuestionScope

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("ListObjectsRequest", body)
        scope = try QuestionScope(fields)
        type = try fields.text("type", .type)
        relation = try fields.text("relation", .relation)
        let user = try fields.text("user")
        guard (1...512).contains(user.utf8.count) else { throw fields.invalid("user", "value length must be between 1 and 512 bytes, inclusive") }
        do {
            self.user = try UserReference(parsing: user)
        } catch {
            throw OpenFGAError(.validationError, "invalid 'user' value: \(error)")
        }
        contextualTuples = try fields.contextualTuples()
        context = try fields.context("context")
    }
}

/// `POST /stores/{store}/list-users`
struct ListUsersRequest: Sendable {
    let object: ObjectReference
    let relation: String
    /// Only users of that type are wanted, and with a relation only sets of them.
    let filter: (type: String, relation: String?)
    let contextualTuples: [RelationshipTuple]
    let context: ConditionContext
    let scope: QuestionScope

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("ListUsersRequest", body)
        scope = try QuestionScope(fields)
        let object = try fields.requiredFields("object", of: "Object")
        self.object = ObjectReference(type: try object.text("type", .type), id: try object.text("id", .objectID))
        relation = try fields.text("relation", .relation)
        let filters = try fields.list("user_filters", of: "UserTypeFilter")
        guard let filter = filters.first, filters.count == 1 else { throw fields.invalid("user_filters", "value must contain exactly 1 item(s)") }
        let filterRelation = try filter.text("relation", .relation, isOptional: true)
        self.filter = (try filter.text("type", .type), filterRelation.isEmpty ? nil : filterRelation)
        // Unlike other questions, this one has them as a plain list.
        contextualTuples = try fields.contextualTuples("contextual_tuples", upTo: 100)
        context = try fields.context("context")
    }
}

/// `POST /stores/{store}/expand`
struct ExpandRequest: Sendable {
    let object: ObjectReference
    let relation: String
    let contextualTuples: [RelationshipTuple]
    let scope: QuestionScope

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("ExpandRequest", body)
        scope = try QuestionScope(fields)
        let key = try fields.requiredFields("tuple_key", of: "ExpandRequestTupleKey")
        relation = try key.text("relation", .relation, isOptional: true)
        let object = try key.text("object", .object, isOptional: true)
        guard !object.isEmpty, !relation.isEmpty else {
            throw OpenFGAError(.invalidExpandInput, "Invalid input. Make sure you provide an object and a relation")
        }
        do {
            self.object = try ObjectReference(parsing: object)
        } catch {
            throw OpenFGAError(.validationError, "\(error)")
        }
        contextualTuples = try fields.contextualTuples()
    }
}
