import Testing

@testable import ReBAC

@Suite("A check has limits")
struct CheckLimitTests {
    /// Groups in groups, through a relation that tuples alone decide (`member`) and through one that they do not (`guest`).
    private static let model = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(
            name: "group",
            relations: [
                RelationDefinition("member", from: "user", "group#member"),
                RelationDefinition("guest", .union([.direct, .computed(relation: "owner")]), from: "user", "group#guest"),
                RelationDefinition("owner", from: "user"),
                RelationDefinition("banned", from: "user", "group#banned", "group#lively"),
                RelationDefinition("lively", .exclusion(base: .computed(relation: "guest"), subtracted: .computed(relation: "banned"))),
                RelationDefinition("parent", from: "group"),
                RelationDefinition("heir", .union([.computed(relation: "owner"), .tupleToUserset(tupleset: "parent", relation: "heir")])),
                RelationDefinition("both", .intersection([.computed(relation: "guest"), .computed(relation: "heir")])),
            ]),
    ])

    private static func check(_ question: String, _ tuples: [String], _ limits: EvaluationLimits = .test) throws -> Bool {
        try Evaluator(model: CompiledModel(model), tuples: TupleIndex(tuples)).check(key(question), limits: limits)
    }

    private static func chain(_ relation: String, _ length: Int) -> [String] {
        let steps = (0..<length).map { step in
            relation == "heir" ? "group:\(step)#parent@group:\(step + 1)" : "group:\(step)#\(relation)@group:\(step + 1)#\(relation)"
        }
        return steps + ["group:\(length)#\(relation == "heir" ? "owner" : relation)@user:anne"]
    }

    @Test("of 24 steps from object to object, as OpenFGA counts them", arguments: ["member", "guest", "heir"])
    func depth(relation: String) throws {
        #expect(try CheckLimitTests.check("group:0#\(relation)@user:anne", CheckLimitTests.chain(relation, 24)))
        #expect(throws: EvaluationFailure.tooDeep) { try CheckLimitTests.check("group:0#\(relation)@user:anne", CheckLimitTests.chain(relation, 25)) }
    }

    @Test("of depth that does not matter where the answer is found without", arguments: ["guest", "heir"])
    func depthThatDoesNotMatter(relation: String) throws {
        let tuples = CheckLimitTests.chain(relation, 30) + ["group:0#owner@user:bob"]
        #expect(try CheckLimitTests.check("group:0#\(relation)@user:bob", tuples))
        #expect(throws: EvaluationFailure.tooDeep) { try CheckLimitTests.check("group:0#\(relation)@user:carl", tuples) }
        #expect(throws: EvaluationFailure.tooDeep) { try CheckLimitTests.check("group:0#lively@user:carl", CheckLimitTests.chain("guest", 30)) }
    }

    @Test("of depth for each way, whichever is walked first")
    func waysOfDifferentLength() throws {
        // From 0 there are 20 steps to `far`, and one; from `far` it is 10 more to the end.
        let far = (0..<10).map { "group:far\($0)#guest@group:far\($0 + 1)#guest" } + ["group:far10#guest@user:anne"]
        let long = (0..<20).map { "group:\($0)#guest@group:\($0 + 1)#guest" } + ["group:20#guest@group:far0#guest"]
        #expect(try CheckLimitTests.check("group:0#guest@user:anne", far + long + ["group:0#guest@group:far0#guest"]))
        #expect(try CheckLimitTests.check("group:0#guest@user:anne", far + long + ["group:0#guest@group:zz#guest", "group:zz#guest@group:far0#guest"]))
        #expect(throws: EvaluationFailure.tooDeep) { try CheckLimitTests.check("group:0#guest@user:anne", far + long) }
    }

    @Test("of time", arguments: ["member", "guest"])
    func deadline(relation: String) {
        #expect(throws: EvaluationFailure.timedOut) {
            try CheckLimitTests.check("group:0#\(relation)@user:anne", CheckLimitTests.chain(relation, 3), EvaluationLimits(deadline: .now - .seconds(1)))
        }
    }

    /// Without remembering what was found out these would take longer than the universe is old.
    @Test("but answers at once where very many ways lead to the same", arguments: ["member", "guest", "lively", "banned"])
    func diamonds(relation: String) throws {
        let name = relation == "lively" ? "guest" : relation
        let wide = (0..<20).flatMap { level in
            (0..<10).flatMap { from in (0..<10).map { "group:\(level)-\(from)#\(name)@group:\(level + 1)-\($0)#\(name)" } }
        }
        #expect(try !CheckLimitTests.check("group:0-0#\(relation)@user:anne", wide))
    }

    @Test("and where everything is in everything", arguments: ["member", "guest", "lively", "banned"], [1, 2])
    func cliques(relation: String, kind: Int) throws {
        let size = 30
        var tuples: [String] = []
        for from in 0..<size {
            for to in 0..<size where to != from {
                tuples.append("group:\(from)#member@group:\(to)#member")
                tuples.append("group:\(from)#guest@group:\(to)#guest")
                tuples.append("group:\(from)#banned@group:\(to)#\(kind == 1 ? "banned" : "lively")")
            }
        }
        // The ways through all of them are longer than allowed, so OpenFGA does not find the no either.
        let answer = try? CheckLimitTests.check("group:0#\(relation)@user:anne", tuples, EvaluationLimits(depth: 100, deadline: .now + .seconds(30)))
        #expect(answer == false)
        _ = try? CheckLimitTests.check("group:0#\(relation)@user:anne", tuples, EvaluationLimits(deadline: .now + .seconds(30)))
    }

    @Test("and a model with a very long chain of relations does not overflow the stack")
    func longModel() throws {
        let relations =
            [RelationDefinition("r0", from: "user")]
            + (1..<4_000).map { RelationDefinition("r\($0)", .union([.computed(relation: "r\($0 - 1)"), .computed(relation: "r0")])) }
        let model = try CompiledModel(AuthorizationModel(types: [TypeDefinition(name: "user"), TypeDefinition(name: "group", relations: relations)]))
        let evaluator = Evaluator(model: model, tuples: TupleIndex(["group:1#r0@user:anne"]))
        #expect(try evaluator.check(key("group:1#r900@user:anne"), limits: .test))
        #expect(try evaluator.check(key("group:1#r3999@user:anne"), limits: .test))
        #expect(throws: EvaluationFailure.tooDeep) { try evaluator.check(key("group:1#r3999@user:bob"), limits: .test) }
    }
}
