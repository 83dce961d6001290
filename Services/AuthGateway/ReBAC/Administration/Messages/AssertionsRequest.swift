import ReBAC

/// What a model is expected to answer: kept beside the model, for tools that test it.
struct Assertion: Sendable {
    let key: TupleKey
    let expectation: Bool
    let contextualTuples: [RelationshipTuple]
    let context: ConditionContext
}

/// `PUT /stores/{store}/assertions/{model}`
struct AssertionsRequest: Sendable {
    static let maximumAssertions = 100
    static let maximumContextualTuples = 20

    let assertions: [Assertion]

    init(_ body: JSONValue) throws(OpenFGAError) {
        let fields = try MessageFields("WriteAssertionsRequest", body)
        let list = try fields.list("assertions", of: "Assertion")
        guard list.count <= Self.maximumAssertions else {
            throw fields.invalid("assertions", "value must contain no more than \(Self.maximumAssertions) item(s)")
        }
        var assertions: [Assertion] = []
        for item in list { assertions.append(try Self.assertion(item)) }
        self.assertions = assertions
    }

    private static func assertion(_ fields: MessageFields) throws(OpenFGAError) -> Assertion {
        let texts = try TupleTexts(ofQuestion: fields.requiredFields("tuple_key", of: "AssertionTupleKey"))
        return Assertion(
            key: try texts.key(failingWith: .validationError), expectation: try fields.boolean("expectation"),
            contextualTuples: try fields.contextualTuples("contextual_tuples", upTo: maximumContextualTuples),
            context: try fields.context("context"))
    }
}
