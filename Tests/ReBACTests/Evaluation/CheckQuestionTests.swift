import Testing

@testable import ReBAC

@Suite("A question")
struct CheckQuestionTests {
    private static let model = AuthorizationModel(
        types: [
            TypeDefinition(name: "user"), TypeDefinition(name: "robot"),
            TypeDefinition(name: "group", relations: [RelationDefinition("member", from: "user", "robot")]),
            TypeDefinition(
                name: "document",
                relations: [
                    RelationDefinition("parent", from: "document", "group"),
                    RelationDefinition("owner", from: "user"),
                    RelationDefinition("viewer", from: "user", "user with open", "user:*", "group#member with open"),
                    RelationDefinition("closed", from: "user with open"),
                    RelationDefinition("heir", .union([.computed(relation: "owner"), .tupleToUserset(tupleset: "parent", relation: "owner")])),
                    RelationDefinition("reader", .exclusion(base: .computed(relation: "owner"), subtracted: .computed(relation: "closed"))),
                    RelationDefinition("signer", .intersection([.computed(relation: "owner"), .computed(relation: "closed")])),
                ]),
        ],
        conditions: [ConditionDefinition(name: "open", parameters: [ConditionParameter(name: "x", type: .bool)], expression: "x")])

    private static func check(
        _ question: String, _ tuples: [RelationshipTuple] = [], with contextual: [RelationshipTuple] = [], _ context: ConditionContext = [:]
    ) throws -> Bool {
        var index = TupleIndex()
        for tuple in tuples { index.insert(tuple) }
        return try Evaluator(model: CompiledModel(model), tuples: index).check(key(question), contextualTuples: contextual, context: context, limits: .test)
    }

    @Test(
        "about what the model does not have is refused with the reason",
        arguments: [
            ("document:1#viewer@person:anne", "type 'person' not found"), ("file:1#viewer@user:anne", "type 'file' not found"),
            ("document:1#editor@user:anne", "relation 'document#editor' not found"), ("document:1#viewer@group:eng#owner", "relation 'group#owner' not found"),
            ("document:1#viewer@person:*", "type 'person' not found"),
        ])
    func invalid(question: String, reason: String) {
        #expect(throws: EvaluationFailure.invalidQuestion(reason)) { try CheckQuestionTests.check(question) }
    }

    @Test("about users that a relation cannot have is a no", arguments: ["document:1#owner@robot:r2", "document:1#owner@group:eng#member", "document:1#owner@user:*"])
    func unrelated(question: String) throws {
        #expect(try !CheckQuestionTests.check(question))
    }

    @Test("counts tuples that come with it, and only for itself")
    func contextualTuples() throws {
        let evaluator = Evaluator(model: try CompiledModel(CheckQuestionTests.model), tuples: TupleIndex(["document:2#owner@user:bob"]))
        let tuples = [tuple("document:1#parent@document:2"), tuple("document:1#owner@user:anne")]
        #expect(try evaluator.check(key("document:1#heir@user:bob"), contextualTuples: tuples, limits: .test))
        #expect(try evaluator.check(key("document:1#heir@user:anne"), contextualTuples: tuples, limits: .test))
        #expect(try !evaluator.check(key("document:1#heir@user:bob"), limits: .test))
    }

    @Test("takes a tuple that comes with it in the place of the store's")
    func overridingTuples() throws {
        let closed = tuple("document:1#viewer@user:anne", when: "open", ["x": .bool(false)])
        #expect(try CheckQuestionTests.check("document:1#viewer@user:anne", [closed], with: [tuple("document:1#viewer@user:anne")]))
        #expect(try !CheckQuestionTests.check("document:1#viewer@user:anne", [tuple("document:1#viewer@user:anne")], with: [closed]))
    }

    @Test("with a tuple that does not fit the model is refused with the reason")
    func invalidContextualTuples() {
        let reason = "Invalid tuple 'document:1#owner@robot:r2'. Reason: type 'robot' is not an allowed type restriction for 'document#owner'"
        #expect(throws: EvaluationFailure.invalidQuestion(reason)) {
            try CheckQuestionTests.check("document:1#owner@user:anne", with: [tuple("document:1#owner@robot:r2")])
        }
        #expect(throws: EvaluationFailure.self) { try CheckQuestionTests.check("document:1#owner@user:anne", with: [tuple("document:1#closed@user:anne")]) }
        #expect(throws: EvaluationFailure.self) { try CheckQuestionTests.check("document:1#owner@user:anne", with: [tuple("file:1#owner@user:anne")]) }
    }

    @Test(
        "does not count tuples of the store that do not fit the model",
        arguments: [
            tuple("document:1#closed@user:anne"), tuple("document:1#closed@user:anne", when: "gone"), tuple("document:1#closed@user:*", when: "open"),
            tuple("document:1#closed@user:anne", when: "open", ["y": .bool(true)]), tuple("document:1#closed@group:eng#member", when: "open"),
        ])
    func ignoredTuples(tuple: RelationshipTuple) throws {
        let member = ReBACTests.tuple("group:eng#member@user:anne")
        #expect(try !CheckQuestionTests.check("document:1#closed@user:anne", [tuple, member], ["x": .bool(true)]))
    }

    @Test("is answered under the conditions of tuples", arguments: [true, false])
    func conditions(isOpen: Bool) throws {
        let tuples = [
            tuple("document:1#closed@user:anne", when: "open"), tuple("document:1#viewer@group:eng#member", when: "open"), tuple("group:eng#member@user:bob"),
            tuple("document:1#owner@user:anne"),
        ]
        let context: ConditionContext = ["x": .bool(isOpen)]
        #expect(try CheckQuestionTests.check("document:1#closed@user:anne", tuples, context) == isOpen)
        #expect(try CheckQuestionTests.check("document:1#viewer@user:bob", tuples, context) == isOpen)
        #expect(try CheckQuestionTests.check("document:1#signer@user:anne", tuples, context) == isOpen)
        #expect(try CheckQuestionTests.check("document:1#reader@user:anne", tuples, context) == !isOpen)
    }

    @Test("fails if a condition cannot be decided, unless the answer is found without")
    func undecided() throws {
        let tuples = [tuple("document:1#closed@user:anne", when: "open"), tuple("document:1#owner@user:anne")]
        for relation in ["closed", "reader", "signer"] {
            #expect(throws: EvaluationFailure.self) { try CheckQuestionTests.check("document:1#\(relation)@user:anne", tuples) }
            #expect(try !CheckQuestionTests.check("document:1#\(relation)@user:bob", tuples))
        }
        let either = [tuple("document:1#viewer@user:anne", when: "open"), tuple("document:1#viewer@user:*")]
        #expect(try CheckQuestionTests.check("document:1#viewer@user:anne", either))
        // Who is not owner cannot be signer, whatever the condition.
        #expect(try !CheckQuestionTests.check("document:2#signer@user:anne", [tuple("document:2#closed@user:anne", when: "open")]))
    }

    private static func check(_ question: String, _ tuples: [RelationshipTuple], _ context: ConditionContext) throws -> Bool {
        try check(question, tuples, with: [], context)
    }
}

@Suite("A model for evaluation")
struct CompiledModelTests {
    @Test("is refused if it is not valid")
    func invalid() {
        let model = AuthorizationModel(types: [TypeDefinition(name: "document", relations: [RelationDefinition("viewer", .computed(relation: "editor"))])])
        #expect(throws: InvalidModel.self) { try CompiledModel(model) }
    }
}
