import ReBAC

/// One question of `check` and `batch-check`.
struct CheckQuestion: Sendable {
    let key: TupleKey
    let contextualTuples: [RelationshipTuple]
    let context: ConditionContext

    init(_ fields: MessageFields) throws(OpenFGAError) {
        let texts = try TupleTexts(ofQuestion: fields.requiredFields("tuple_key", of: "CheckRequestTupleKey"))
        key = try texts.key(failingWith: .validationError)
        contextualTuples = try fields.contextualTuples()
        context = try fields.context("context")
    }
}

/// `POST /stores/{store}/check`
struct CheckRequest: Sendable {
    let question: CheckQuestion
    let scope: QuestionScope

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("CheckRequest", body)
        question = try CheckQuestion(fields)
        scope = try QuestionScope(fields)
        // Known, and without effect in OpenFGA too.
        _ = try fields.boolean("trace")
    }
}

/// `POST /stores/{store}/batch-check`
struct BatchCheckRequest: Sendable {
    static let maximumChecks = 50

    struct Check: Sendable {
        let correlationID: String
        /// Where it is none, only that check fails.
        let question: Result<CheckQuestion, OpenFGAError>
    }

    let checks: [Check]
    let scope: QuestionScope

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("BatchCheckRequest", body)
        scope = try QuestionScope(fields)
        let items = try fields.list("checks", of: "BatchCheckItem")
        guard !items.isEmpty else {
            throw OpenFGAError(.validationError, "batch check requires at least one check to evaluate, no checks were received")
        }
        guard items.count <= Self.maximumChecks else {
            throw OpenFGAError(.validationError, "batchCheck received \(items.count) checks, the maximum allowed is \(Self.maximumChecks)")
        }
        var checks: [Check] = []
        var seen: Set<String> = []
        for item in items {
            let id = try item.text("correlation_id", .correlation)
            guard seen.insert(id).inserted else { throw OpenFGAError(.validationError, "received duplicate correlation id: \(id)") }
            checks.append(Check(correlationID: id, question: Self.question(item)))
        }
        self.checks = checks
    }

    private static func question(_ item: MessageFields) -> Result<CheckQuestion, OpenFGAError> {
        do { return .success(try CheckQuestion(item)) } catch { return .failure(error) }
    }
}
