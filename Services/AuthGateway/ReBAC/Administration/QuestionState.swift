import HTTPTypes
import ReBAC

/// What one request's questions are answered from: one state of the store, one model, one deadline.
struct QuestionState: Sendable {
    let model: UsableModel
    let tuples: TupleIndex
    let limits: EvaluationLimits

    private var evaluator: Evaluator { Evaluator(model: model.compiled, tuples: tuples) }

    var headerFields: HTTPFields { [.authorizationModelID: model.id] }

    func check(_ question: CheckQuestion) throws -> Bool {
        try Administration.check(question.key, toBeAskedOf: model.compiled.rules)
        try checkContextual(question.contextualTuples)
        return try evaluator.check(question.key, contextualTuples: question.contextualTuples, context: question.context, limits: limits)
    }

    /// One result of a batch. A check that cannot be answered says why, and is no reason for the others to fail.
    func result(of check: BatchCheckRequest.Check) -> ReBAC.JSONValue {
        do {
            return ["allowed": .bool(try self.check(check.question.get()))]
        } catch let failure as EvaluationFailure {
            return Self.result(of: OpenFGAError(failure))
        } catch let error as OpenFGAError {
            return Self.result(of: error)
        } catch {
            return Self.result(of: OpenFGAError(.internalError, "Internal Server Error"))
        }
    }

    private static func result(of error: OpenFGAError) -> ReBAC.JSONValue {
        let kind = error.code.status == .badRequest ? "input_error" : "internal_error"
        return ["error": .object([.init(name: kind, value: .string(error.code.rawValue)), .init(name: "message", value: .string(error.message))])]
    }

    /// - Parameter maximum: How many objects are wanted; 0: all.
    func objects(_ request: ListObjectsRequest, upTo maximum: Int) throws -> [ObjectReference] {
        try checkContextual(request.contextualTuples)
        try checkRelation(request.relation, ofType: request.type)
        return try evaluator.listObjects(
            ofType: request.type, relation: request.relation, user: request.user, contextualTuples: request.contextualTuples,
            context: request.context, limits: limits, maximum: maximum)
    }

    func users(_ request: ListUsersRequest, upTo maximum: Int) throws -> [UserReference] {
        try checkContextual(request.contextualTuples)
        if let relation = request.filter.relation {
            try checkRelation(relation, ofType: request.filter.type)
        } else {
            try checkType(request.filter.type)
        }
        try checkRelation(request.relation, ofType: request.object.type)
        return try evaluator.listUsers(
            of: request.object, relation: request.relation, filter: UserFilter(type: request.filter.type, relation: request.filter.relation),
            contextualTuples: request.contextualTuples, context: request.context, limits: limits, maximum: maximum)
    }

    func tree(_ request: ExpandRequest) throws -> UsersetTree {
        try checkContextual(request.contextualTuples)
        return try evaluator.expand(request.object, relation: request.relation, contextualTuples: request.contextualTuples)
    }

    // MARK: - What the model has

    private func checkContextual(_ tuples: [RelationshipTuple]) throws(OpenFGAError) {
        for tuple in tuples { try Administration.check(tuple, toBeAssumedFor: model.compiled.rules) }
    }

    private func checkType(_ type: String) throws(OpenFGAError) {
        guard model.compiled.model.types.contains(where: { $0.name == type }) else { throw .typeNotFound(type) }
    }

    private func checkRelation(_ relation: String, ofType type: String) throws(OpenFGAError) {
        guard let definition = model.compiled.model.types.first(where: { $0.name == type }) else { throw .typeNotFound(type) }
        guard definition.relations.contains(where: { $0.name == relation }) else { throw .relationNotFound(relation, ofType: type) }
    }
}
