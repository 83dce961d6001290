import ReBAC
import Testing

@Suite("Expanding a relation")
struct ExpandTests {
    private static func name(_ relation: String) -> UsersetTree.Userset { userset("document:1", relation) }
    private static func userset(_ text: String, _ relation: String) -> UsersetTree.Userset { UsersetTree.Userset(object: object(text), relation: relation) }

    private static func node(_ relation: String, _ value: UsersetTree.Value) -> UsersetTree.Node { UsersetTree.Node(name: name(relation), value: value) }

    @Test("tells the users of tuples, sorted, with those of the request, whatever their conditions say")
    func users() throws {
        var index = TupleIndex([
            "document:1#viewer@user:b", "document:1#viewer@user:*", "document:1#viewer@group:a#member", "group:a#member@user:c", "document:2#viewer@user:d",
        ])
        index.insert(tuple("document:1#temporary@user:anne", when: "open"))
        let evaluator = Evaluator(model: try Library.model(), tuples: index)
        let viewer = try evaluator.expand(object("document:1"), relation: "viewer", contextualTuples: [tuple("document:1#viewer@user:a")])
        guard case .union(let nodes) = viewer.root.value else {
            Issue.record("\(viewer)")
            return
        }
        #expect(nodes.first == Self.node("viewer", .users(["group:a#member", "user:*", "user:a", "user:b"].map { user($0) })))
        let temporary = try evaluator.expand(object("document:1"), relation: "temporary")
        #expect(temporary.root == Self.node("temporary", .users([user("user:anne")])))
    }

    @Test("tells the rewrite with its operators, and what it refers to without going there")
    func operators() throws {
        let evaluator = try Library.evaluator(["document:1#parent@folder:b", "document:1#parent@folder:a", "folder:a#viewer@user:a", "document:1#owner@user:o"])
        #expect(
            try evaluator.expand(object("document:1"), relation: "viewer").root
                == Self.node(
                    "viewer",
                    .union([
                        Self.node("viewer", .users([])), Self.node("viewer", .computed(Self.name("owner"))),
                        Self.node(
                            "viewer",
                            .tupleToUserset(
                                tupleset: Self.name("parent"), computed: [Self.userset("folder:a", "viewer"), Self.userset("folder:b", "viewer")])),
                    ])))
        #expect(
            try evaluator.expand(object("document:1"), relation: "commenter").root
                == Self.node(
                    "commenter",
                    .difference(
                        base: Self.node("commenter", .computed(Self.name("viewer"))), subtract: Self.node("commenter", .computed(Self.name("blocked"))))))
        #expect(
            try evaluator.expand(object("document:1"), relation: "approver").root
                == Self.node(
                    "approver",
                    .intersection([Self.node("approver", .computed(Self.name("owner"))), Self.node("approver", .computed(Self.name("reviewer")))])))
    }

    @Test("ignores tuples that do not fit the model")
    func misfits() throws {
        let evaluator = try Library.evaluator(["document:1#owner@user:*", "document:1#owner@robot:r", "document:1#temporary@user:anne", "document:1#owner@user:o"])
        #expect(try evaluator.expand(object("document:1"), relation: "owner").root.value == .users([user("user:o")]))
        #expect(try evaluator.expand(object("document:1"), relation: "temporary").root.value == .users([]))
    }

    @Test("refuses what the model does not have", arguments: [("gone", "viewer", "type 'gone' not found"), ("group", "gone", "relation 'group#gone' not found")])
    func unknown(type: String, relation: String, reason: String) throws {
        let evaluator = try Library.evaluator([])
        #expect(throws: EvaluationFailure.invalidQuestion(reason)) { try evaluator.expand(object("\(type):1"), relation: relation) }
    }
}
