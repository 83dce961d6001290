import Testing

@testable import ReBAC

@Suite("A circle in the tuples")
struct CheckCircleTests {
    private static let model = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(
            name: "group",
            relations: [
                RelationDefinition("member", .union([.direct, .computed(relation: "owner")]), from: "user", "group#member"),
                RelationDefinition("owner", from: "user"),
            ]),
        TypeDefinition(
            name: "document",
            relations: [
                RelationDefinition("restricted", from: "user", "document#viewer", "group#member"),
                RelationDefinition("viewer", .exclusion(base: .direct, subtracted: .computed(relation: "restricted")), from: "user", "group#member"),
                RelationDefinition("allowed", from: "user"),
                RelationDefinition(
                    "both", .intersection([.direct, .computed(relation: "allowed")]), from: "user", "document#both"),
            ]),
    ])

    private static func check(_ question: String, _ tuples: [String]) throws -> Bool {
        try Evaluator(model: CompiledModel(model), tuples: TupleIndex(tuples)).check(key(question), limits: .test)
    }

    private static let nested = ["group:a#member@group:b#member", "group:b#member@group:c#member", "group:c#member@group:a#member"]

    @Test("gives nobody anything", arguments: ["a", "b", "c"])
    func nobody(group: String) throws {
        #expect(try !CheckCircleTests.check("group:\(group)#member@user:anne", CheckCircleTests.nested))
    }

    @Test("does not hide whom one of it has", arguments: ["a", "b", "c"], ["a", "b", "c"])
    func hidesNobody(group: String, home: String) throws {
        #expect(try CheckCircleTests.check("group:\(group)#member@user:anne", CheckCircleTests.nested + ["group:\(home)#owner@user:anne"]))
    }

    /// The question met first is answered in the middle of a circle, where the answer is not yet known.
    @Test("does not leave a no behind that came only of being in the middle of it")
    func noStaleNo() throws {
        let tuples = [
            "document:1#viewer@group:a#member", "document:1#restricted@group:z#member",
            "group:a#member@group:b#member", "group:b#member@group:a#member", "group:a#member@group:d#member", "group:d#owner@user:anne",
            "group:z#member@group:b#member",
        ]
        #expect(try CheckCircleTests.check("group:b#member@user:anne", tuples))
        #expect(try !CheckCircleTests.check("document:1#viewer@user:anne", tuples))
    }

    @Test("is no way to a yes through what is subtracted")
    func throughSubtraction() throws {
        #expect(try !CheckCircleTests.check("document:1#viewer@user:jon", ["document:1#viewer@user:jon", "document:1#restricted@document:1#viewer"]))
        #expect(try !CheckCircleTests.check("document:1#restricted@user:jon", ["document:1#viewer@user:jon", "document:1#restricted@document:1#viewer"]))
        #expect(
            try !CheckCircleTests.check(
                "document:1#viewer@user:jon",
                [
                    "document:1#viewer@user:jon", "document:1#restricted@document:2#viewer", "document:2#viewer@user:jon",
                    "document:2#restricted@document:1#viewer",
                ]))
    }

    @Test("of groups that are subtracted restricts only their members")
    func subtractedGroups() throws {
        let tuples = CheckCircleTests.nested + ["document:1#viewer@user:jon", "document:1#restricted@group:a#member"]
        #expect(try CheckCircleTests.check("document:1#viewer@user:jon", tuples))
        #expect(try !CheckCircleTests.check("document:1#viewer@user:jon", tuples + ["group:c#owner@user:jon"]))
    }

    @Test("fails an intersection")
    func intersection() throws {
        let tuples = ["document:1#allowed@user:jon", "document:1#both@document:1#both"]
        #expect(try !CheckCircleTests.check("document:1#both@user:jon", tuples))
        #expect(try CheckCircleTests.check("document:1#both@user:jon", tuples + ["document:1#both@user:jon"]))
    }
}
