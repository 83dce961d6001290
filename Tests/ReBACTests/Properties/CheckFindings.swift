import ReBAC
import Testing

/// What random samples have found in checks, shrunk.
@Suite("What random samples found in checks")
struct CheckFindings {
    private static let user = UserReference.object(ObjectReference(type: "user", id: "1"))
    private static let object = ObjectReference(type: "document", id: "1")

    @Test("whoever may be excluded, for all that is known, is not allowed")
    func undecidedExclusion() throws {
        let sample = Sample(
            model: AuthorizationModel(
                types: [
                    TypeDefinition(name: "user"),
                    TypeDefinition(
                        name: "document",
                        relations: [
                            RelationDefinition(name: "owner", rewrite: .direct, directTypes: [TypeRestriction(type: "user")]),
                            RelationDefinition(
                                name: "editor", rewrite: .exclusion(base: .computed(relation: "owner"), subtracted: .direct),
                                directTypes: [TypeRestriction(type: "user", condition: "open")]),
                        ]),
                ], conditions: SampleConditions.all),
            tuples: [
                RelationshipTuple(key: TupleKey(object: Self.object, relation: "owner", user: Self.user)),
                RelationshipTuple(key: TupleKey(object: Self.object, relation: "editor", user: Self.user), condition: TupleCondition(name: "open")),
            ])
        let question = TupleKey(object: Self.object, relation: "editor", user: Self.user)
        #expect(throws: EvaluationFailure.self) { try Evaluator(sample).check(question, limits: .generous) }
        #expect(try Evaluator(sample).check(question, context: ["x": .bool(false)], limits: .generous))
        #expect(try !Evaluator(sample).check(question, context: ["x": .bool(true)], limits: .generous))
    }

    @Test("there is always a way from a userset to its own relation, though tuples need not make one")
    func wayToItself() throws {
        let sample = Sample(
            model: AuthorizationModel(
                types: [
                    TypeDefinition(
                        name: "user",
                        relations: [
                            RelationDefinition(name: "parent", rewrite: .direct, directTypes: [TypeRestriction(type: "folder", condition: "open")]),
                            RelationDefinition(name: "owner", rewrite: .tupleToUserset(tupleset: "parent", relation: "owner")),
                        ]),
                    TypeDefinition(
                        name: "folder", relations: [RelationDefinition(name: "owner", rewrite: .direct, directTypes: [TypeRestriction(type: "user")])]),
                ], conditions: SampleConditions.all),
            tuples: [
                RelationshipTuple(
                    key: TupleKey(
                        object: ObjectReference(type: "user", id: "1"), relation: "parent", user: .object(ObjectReference(type: "folder", id: "2"))),
                    condition: TupleCondition(name: "open"))
            ])
        let question = TupleKey(
            object: ObjectReference(type: "user", id: "1"), relation: "owner", user: .userset(ObjectReference(type: "user", id: "2"), relation: "owner"))
        // OpenFGA finds a way in the model and so comes to the condition that it cannot decide.
        #expect(throws: EvaluationFailure.self) { try Evaluator(sample).check(question, limits: .generous) }
    }

    @Test("whom only a question that hangs on its own negation does not exclude is not allowed")
    func paradox() throws {
        let editorOfParent = UsersetRewrite.tupleToUserset(tupleset: "parent", relation: "editor")
        let viewerOfParent = UsersetRewrite.tupleToUserset(tupleset: "parent", relation: "viewer")
        let editor = UsersetRewrite.union([.exclusion(base: .tupleToUserset(tupleset: "parent", relation: "owner"), subtracted: .direct), viewerOfParent])
        let viewer = UsersetRewrite.union([.intersection([.direct, viewerOfParent]), .computed(relation: "owner")])
        let model = AuthorizationModel(types: [
            TypeDefinition(
                name: "user",
                relations: [
                    RelationDefinition("parent", from: "user"), RelationDefinition("owner", from: "user"),
                    RelationDefinition("editor", editor, from: "user", "user#viewer"),
                    RelationDefinition("viewer", .exclusion(base: viewer, subtracted: editorOfParent), from: "user#owner", "user#viewer"),
                ])
        ])
        let tuples = [
            "user:1#parent@user:1", "user:2#parent@user:1", "user:2#owner@user:2", "user:1#parent@user:2", "user:1#viewer@user:1#viewer",
            "user:1#editor@user:2", "user:2#viewer@user:2#owner",
        ]
        // To be viewer of user:2 he must not be editor of user:1, which the viewers of user:2 are.
        #expect(try !Evaluator(Sample(model: model, tuples: tuples.map { tuple($0) })).check(key("user:2#viewer@user:2"), limits: .generous))
    }
}
