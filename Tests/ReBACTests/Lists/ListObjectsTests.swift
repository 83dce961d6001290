import ReBAC
import Testing

@Suite("Listing objects")
struct ListObjectsTests {
    @Test("finds them through groups, parents, other relations and for everyone")
    func ways() throws {
        let evaluator = try Library.evaluator([
            "document:own#owner@user:anne", "document:shared#viewer@group:eng#member", "group:eng#member@group:core#member", "group:core#member@user:anne",
            "document:inside#parent@folder:a", "folder:a#parent@folder:b", "folder:b#viewer@user:anne", "document:public#viewer@user:*",
            "document:other#owner@user:bob",
        ])
        #expect(try evaluator.objects("document", "viewer", of: "user:anne") == ["own", "shared", "inside", "public"])
        #expect(try evaluator.objects("document", "viewer", of: "user:nobody") == ["public"])
        #expect(try evaluator.objects("document", "viewer", of: "user:*") == ["public"])
        #expect(try evaluator.objects("document", "viewer", of: "group:core#member") == ["shared"])
        #expect(try evaluator.objects("document", "viewer", of: "folder:a#viewer") == ["inside"])
        #expect(try evaluator.objects("folder", "viewer", of: "user:anne") == ["a", "b"])
    }

    @Test("has each userset among the objects of its own relation, though no tuple names it")
    func itself() throws {
        let evaluator = try Library.evaluator([])
        #expect(try evaluator.objects("document", "viewer", of: "document:new#owner") == ["new"])
        #expect(try evaluator.objects("group", "member", of: "group:new#member") == ["new"])
    }

    @Test("leaves out whom an exclusion or intersection leaves out")
    func confirmed() throws {
        let evaluator = try Library.evaluator([
            "document:a#owner@user:anne", "document:b#owner@user:anne", "document:b#blocked@user:anne", "document:c#viewer@user:anne",
            "document:a#reviewer@user:anne", "document:c#reviewer@user:anne",
        ])
        #expect(try evaluator.objects("document", "commenter", of: "user:anne") == ["a", "c"])
        #expect(try evaluator.objects("document", "approver", of: "user:anne") == ["a"])
    }

    @Test("ends where groups are in each other")
    func circles() throws {
        let evaluator = try Library.evaluator([
            "group:a#member@group:b#member", "group:b#member@group:c#member", "group:c#member@group:a#member", "group:b#member@user:anne",
            "document:1#viewer@group:a#member", "folder:x#parent@folder:y", "folder:y#parent@folder:x", "folder:x#viewer@user:anne",
        ])
        #expect(try evaluator.objects("group", "member", of: "user:anne") == ["a", "b", "c"])
        #expect(try evaluator.objects("document", "viewer", of: "user:anne") == ["1"])
        #expect(try evaluator.objects("folder", "viewer", of: "user:anne") == ["x", "y"])
    }

    @Test("counts the tuples of the request, and instead of the store's with the same key")
    func contextualTuples() throws {
        let evaluator = try Library.evaluator(["document:1#temporary@user:anne"], when: "open", ["x": .bool(false)])
        let anne = user("user:anne")
        let contextual = [tuple("document:2#viewer@user:anne"), tuple("document:1#temporary@user:anne", when: "open", ["x": .bool(true)])]
        let objects = try evaluator.listObjects(ofType: "document", relation: "visitor", user: anne, contextualTuples: contextual, limits: .generous)
        #expect(Set(objects.map(\.id)) == ["1", "2"])
        #expect(try evaluator.objects("document", "visitor", of: "user:anne").isEmpty)
    }

    @Test("needs the parameters of conditions that it comes by, unless it has found as many as wanted without")
    func conditions() throws {
        var index = TupleIndex(["document:2#viewer@user:anne"])
        index.insert(tuple("document:1#temporary@user:anne", when: "open"))
        let evaluator = Evaluator(model: try Library.model(), tuples: index)
        func list(_ context: ConditionContext, maximum: Int = 0) throws -> Set<String> {
            Set(
                try evaluator.listObjects(
                    ofType: "document", relation: "visitor", user: user("user:anne"), context: context, limits: .generous, maximum: maximum
                ).map(\.id))
        }
        #expect(try list(["x": .bool(true)]) == ["1", "2"])
        #expect(try list(["x": .bool(false)]) == ["2"])
        #expect {
            _ = try list([:])
        } throws: { error in
            if case EvaluationFailure.undecidedCondition(name: "open", reason: _)? = error as? EvaluationFailure { true } else { false }
        }
        #expect(try list([:], maximum: 1) == ["2"])
    }

    @Test("ignores tuples that do not fit the model")
    func misfits() throws {
        let evaluator = try Library.evaluator([
            "document:1#owner@user:*", "document:2#owner@group:a#member", "document:3#gone@user:anne", "document:4#viewer@robot:r", "document:5#temporary@user:anne",
        ])
        #expect(try evaluator.objects("document", "visitor", of: "user:anne").isEmpty)
    }

    @Test("stops at as many as wanted")
    func maximum() throws {
        let evaluator = try Library.evaluator((0..<20).map { "document:\($0)#viewer@user:anne" } + (0..<20).map { "document:\($0)#reviewer@user:anne" })
        func count(_ relation: String, _ maximum: Int) throws -> Int {
            try evaluator.listObjects(ofType: "document", relation: relation, user: user("user:anne"), limits: .generous, maximum: maximum).count
        }
        #expect(try count("viewer", 7) == 7)
        #expect(try count("viewer", 0) == 20)
        #expect(try count("commenter", 7) == 7)
    }

    @Test("has at the deadline what it has found")
    func deadline() throws {
        let evaluator = try Library.evaluator((0..<2000).map { "document:\($0)#viewer@user:anne" })
        let over = EvaluationLimits(deadline: .now)
        #expect(try evaluator.listObjects(ofType: "document", relation: "viewer", user: user("user:anne"), limits: over, maximum: 0).isEmpty)
    }

    @Test(
        "refuses what the model does not have",
        arguments: [
            ("gone", "viewer", "user:anne", "type 'gone' not found"), ("document", "gone", "user:anne", "relation 'document#gone' not found"),
            ("document", "viewer", "gone:1", "type 'gone' not found"), ("document", "viewer", "group:a#gone", "relation 'group#gone' not found"),
        ])
    func unknown(type: String, relation: String, user: String, reason: String) throws {
        let evaluator = try Library.evaluator([])
        #expect(throws: EvaluationFailure.invalidQuestion(reason)) { try evaluator.objects(type, relation, of: user) }
    }
}

extension Evaluator {
    fileprivate func objects(_ type: String, _ relation: String, of text: String) throws -> Set<String> {
        let objects = try listObjects(ofType: type, relation: relation, user: user(text), limits: .generous)
        #expect(objects.allSatisfy { $0.type == type } && Set(objects).count == objects.count)
        return Set(objects.map(\.id))
    }
}
