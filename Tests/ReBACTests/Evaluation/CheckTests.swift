import Testing

@testable import ReBAC

@Suite("A check")
struct CheckTests {
    /// Documents in folders, users in groups in groups.
    static let model = AuthorizationModel(types: [
        TypeDefinition(name: "user"),
        TypeDefinition(name: "group", relations: [RelationDefinition("member", from: "user", "user:*", "group#member")]),
        TypeDefinition(
            name: "folder",
            relations: [
                RelationDefinition("parent", from: "folder"),
                RelationDefinition("viewer", .union([.direct, .tupleToUserset(tupleset: "parent", relation: "viewer")]), from: "user", "group#member"),
            ]),
        TypeDefinition(
            name: "document",
            relations: [
                RelationDefinition("parent", from: "folder", "group"),
                RelationDefinition("blocked", from: "user", "group#member"),
                RelationDefinition("editor", from: "user", "group#member"),
                RelationDefinition("signer", from: "user"),
                RelationDefinition(
                    "viewer", .union([.direct, .computed(relation: "editor"), .tupleToUserset(tupleset: "parent", relation: "viewer")]), from: "user"),
                RelationDefinition("reader", .exclusion(base: .computed(relation: "viewer"), subtracted: .computed(relation: "blocked"))),
                RelationDefinition("publisher", .intersection([.computed(relation: "editor"), .computed(relation: "signer")])),
            ]),
    ])

    static let tuples = [
        "document:1#viewer@user:anne", "document:1#editor@group:eng#member", "document:1#parent@folder:a", "document:1#parent@group:eng",
        "document:1#signer@user:bob", "document:1#blocked@user:carl", "document:1#blocked@group:out#member",
        "folder:a#parent@folder:b", "folder:b#viewer@user:dora", "folder:a#viewer@group:sales#member",
        "group:eng#member@user:bob", "group:eng#member@group:core#member", "group:core#member@user:carl", "group:core#member@group:eng#member",
        "group:all#member@user:*", "group:out#member@user:dora",
    ]

    @Test(
        "finds who has a relation",
        arguments: [
            ("document:1#viewer@user:anne", true), ("document:1#viewer@user:eve", false), ("document:2#viewer@user:anne", false),
            ("document:1#editor@user:bob", true), ("document:1#editor@user:carl", true), ("document:1#viewer@user:carl", true),
            ("document:1#viewer@user:dora", true), ("folder:a#viewer@user:dora", true), ("folder:b#viewer@user:bob", false),
            ("document:1#reader@user:carl", false), ("document:1#reader@user:bob", true), ("document:1#reader@user:dora", false),
            ("document:1#publisher@user:bob", true), ("document:1#publisher@user:carl", false),
            ("group:all#member@user:nobody", true), ("group:all#member@user:*", true), ("group:eng#member@user:*", false),
            ("document:1#viewer@group:core#member", true), ("document:1#viewer@group:sales#member", true), ("document:1#viewer@group:out#member", false),
            ("document:1#viewer@document:1#viewer", true), ("document:9#viewer@document:9#viewer", true), ("document:9#viewer@document:8#viewer", false),
            ("document:9#viewer@document:9#editor", true), ("group:all#member@group:x#member", false),
        ])
    func finds(_ question: String, is answer: Bool) throws {
        let evaluator = Evaluator(model: try CompiledModel(CheckTests.model), tuples: TupleIndex(CheckTests.tuples))
        #expect(try evaluator.check(key(question), limits: .test) == answer)
    }
}

extension EvaluationLimits {
    static var test: EvaluationLimits { EvaluationLimits(deadline: .now + .seconds(30)) }
}
