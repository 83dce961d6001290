import ReBAC
import Testing

/// Whoever is to find others' mistakes must not make any: the naive evaluator against answers worked out by hand.
@Suite("The naive evaluator")
struct BruteForceTests {
    private static let doc = ObjectReference(type: "document", id: "1")
    private static let folder = ObjectReference(type: "folder", id: "1")
    private static let anne = UserReference.object(ObjectReference(type: "user", id: "anne"))

    private static let model = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(
            name: "group",
            relations: [
                RelationDefinition(
                    name: "member", rewrite: .direct,
                    directTypes: [TypeRestriction(type: "user"), TypeRestriction(type: "group", form: .userset(relation: "member"))])
            ]),
        TypeDefinition(
            name: "folder", relations: [RelationDefinition(name: "viewer", rewrite: .direct, directTypes: [TypeRestriction(type: "user", form: .wildcard)])]),
        TypeDefinition(
            name: "document",
            relations: [
                RelationDefinition(name: "parent", rewrite: .direct, directTypes: [TypeRestriction(type: "folder")]),
                RelationDefinition(
                    name: "owner", rewrite: .direct,
                    directTypes: [TypeRestriction(type: "user"), TypeRestriction(type: "group", form: .userset(relation: "member"))]),
                RelationDefinition(
                    name: "viewer", rewrite: .union([.computed(relation: "owner"), .tupleToUserset(tupleset: "parent", relation: "viewer")])),
                RelationDefinition(name: "both", rewrite: .intersection([.computed(relation: "owner"), .computed(relation: "viewer")])),
                RelationDefinition(name: "guest", rewrite: .exclusion(base: .computed(relation: "viewer"), subtracted: .computed(relation: "owner"))),
            ]),
    ])

    private static func tuple(_ object: ObjectReference, _ relation: String, _ user: UserReference) -> RelationshipTuple {
        RelationshipTuple(key: TupleKey(object: object, relation: relation, user: user))
    }

    private static func group(_ id: String) -> ObjectReference { ObjectReference(type: "group", id: id) }
    private static func members(_ id: String) -> UserReference { .userset(group(id), relation: "member") }

    private static let operatorCases: [(tuples: [RelationshipTuple], holding: Set<String>)] = [
        ([tuple(doc, "owner", anne)], ["owner", "viewer", "both"]),
        ([tuple(doc, "parent", .object(folder)), tuple(folder, "viewer", .wildcard(type: "user"))], ["viewer", "guest"]),
        ([tuple(doc, "parent", .object(folder)), tuple(folder, "viewer", anne)], []),
        ([tuple(doc, "owner", members("a")), tuple(group("a"), "member", anne)], ["owner", "viewer", "both"]),
        ([tuple(doc, "owner", members("a")), tuple(group("a"), "member", members("b")), tuple(group("b"), "member", members("a"))], []),
        ([tuple(doc, "viewer", anne)], []),
    ]

    @Test("knows every operator", arguments: operatorCases)
    func operators(tuples: [RelationshipTuple], holding: Set<String>) {
        let oracle = BruteForce(Sample(model: Self.model, tuples: tuples, questions: [Sample.Question(object: Self.doc, relation: "owner", user: Self.anne)]))
        let answers = oracle.answers(for: Self.anne)
        let found = oracle.statements.filter { $0.object == Self.doc && answers[$0] == .yes }.map(\.relation)
        #expect(Set(found) == holding)
    }

    @Test("has each userset in itself")
    func itself() {
        let question = Sample.Question(object: Self.group("a"), relation: "member", user: Self.members("a"))
        let oracle = BruteForce(Sample(model: Self.model, questions: [question]))
        #expect(oracle.answers(for: question.user)[BruteForce.Statement(object: question.object, relation: question.relation)] == .yes)
    }

    @Test("cannot decide a condition without its parameters, unless another way is open")
    func conditions() {
        var model = Self.model
        model.conditions = SampleConditions.all
        model.types[1].relations[0].directTypes = [
            TypeRestriction(type: "user", condition: "open"), TypeRestriction(type: "group", form: .userset(relation: "member")),
        ]
        func answer(_ context: ConditionContext, in groups: String...) -> BruteForce.Answer {
            let sample = Sample(
                model: model,
                tuples: [Self.tuple(Self.group("a"), "member", Self.members("b"))]
                    + groups.map {
                        let known: ConditionContext = $0 == "b" ? ["x": .bool(true)] : [:]
                        let key = TupleKey(object: Self.group($0), relation: "member", user: Self.anne)
                        return RelationshipTuple(key: key, condition: TupleCondition(name: "open", context: known))
                    },
                context: context)
            return BruteForce(sample).answers(for: Self.anne)[BruteForce.Statement(object: Self.group("a"), relation: "member")]
        }
        #expect(answer(["x": .bool(true)], in: "a") == .yes)
        #expect(answer(["x": .bool(false)], in: "a") == .no)
        #expect(answer([:], in: "a") == .undecided)
        #expect(answer([:], in: "a", "b") == .yes)
        #expect(answer(["x": .bool(false)], in: "b") == .yes)
    }

    @Test("says of what denies itself that it is undecided, and that OpenFGA may refuse it")
    func paradox() {
        let formulas = Formulas(definitions: [.butNot(.constant(true), .statement(0)), .statement(1), .butNot(.constant(true), .statement(1)), .statement(2)])
        #expect(formulas.truths() == [.undecided, .no, .yes, .yes])
        #expect(formulas.subtractingCircles() == [true, false, true, true])
    }

    @Test("shrinks a failure to what matters")
    func shrinking() throws {
        let sample = try #require((0..<1000).lazy.map { RandomSample.make(seed: $0) }.first { $0.tuples.count > 5 && $0.model.types.count > 2 })
        let last = sample.tuples[sample.tuples.count - 1]
        let shrunk = sample.shrunk { $0.tuples.contains(last) }
        #expect(shrunk.tuples == [last] && shrunk.contextualTuples.isEmpty && shrunk.context.isEmpty && shrunk.questions.count == 1)
        // What the question speaks of must stay.
        #expect(shrunk.model.allRelations.count <= 2 && shrunk.model.types.count <= 3, "\(shrunk)")
    }
}
