import ReBAC
import Testing

@Suite("Listing users")
struct ListUsersTests {
    @Test("finds them in groups, of parents, by other relations, and everyone as one")
    func ways() throws {
        let evaluator = try Library.evaluator([
            "document:1#owner@user:olga", "document:1#viewer@group:eng#member", "group:eng#member@group:core#member", "group:core#member@user:carl",
            "document:1#parent@folder:a", "folder:a#parent@folder:b", "folder:b#viewer@user:frida", "document:1#viewer@user:*", "document:2#owner@user:bob",
        ])
        #expect(try evaluator.users("user", of: "document:1", "viewer") == ["user:olga", "user:carl", "user:frida", "user:*"])
        #expect(try evaluator.users("robot", of: "document:1", "viewer").isEmpty)
        #expect(try evaluator.users("user", of: "document:3", "viewer").isEmpty)
    }

    @Test("finds usersets, the one asked about among them")
    func usersets() throws {
        let evaluator = try Library.evaluator([
            "document:1#viewer@group:eng#member", "group:eng#member@group:core#member", "group:core#member@user:carl", "document:1#parent@folder:a",
        ])
        #expect(try evaluator.users("group", "member", of: "document:1", "viewer") == ["group:eng#member", "group:core#member"])
        #expect(try evaluator.users("folder", "viewer", of: "document:1", "viewer") == ["folder:a#viewer"])
        #expect(try evaluator.users("document", "owner", of: "document:1", "viewer") == ["document:1#owner"])
        #expect(try evaluator.users("document", "viewer", of: "document:new", "viewer") == ["document:new#viewer"])
    }

    @Test(
        "counts out whom an exclusion or intersection leaves out, wildcards too",
        arguments: [
            (["document:1#viewer@user:*", "document:1#viewer@user:a", "document:1#blocked@user:a"], "commenter", ["user:*"]),
            (["document:1#viewer@user:*", "document:1#viewer@user:a", "document:1#blocked@user:*"], "commenter", []),
            (["document:1#viewer@user:a", "document:1#viewer@user:b", "document:1#blocked@user:b"], "commenter", ["user:a"]),
            (["document:1#viewer@user:a", "document:1#blocked@user:*"], "commenter", []),
            (["document:1#owner@user:a", "document:1#owner@user:b", "document:1#reviewer@user:b", "document:1#reviewer@user:c"], "approver", ["user:b"]),
        ])
    func exclusions(tuples: [String], relation: String, users: [String]) throws {
        #expect(try Library.evaluator(tuples).users("user", of: "document:1", relation) == Set(users))
    }

    @Test("finds whom only an exception from an exception lets in")
    func doubleExclusion() throws {
        let inner = UsersetRewrite.exclusion(base: .computed(relation: "banned"), subtracted: .computed(relation: "pardoned"))
        let model = try CompiledModel(
            AuthorizationModel(types: [
                TypeDefinition(name: "user"),
                TypeDefinition(
                    name: "document",
                    relations: [
                        RelationDefinition("public", from: "user:*"), RelationDefinition("banned", from: "user", "user:*"),
                        RelationDefinition("pardoned", from: "user"),
                        RelationDefinition("viewer", .exclusion(base: .computed(relation: "public"), subtracted: inner)),
                    ]),
            ]))
        let everyone = Evaluator(model: model, tuples: TupleIndex(["document:1#public@user:*", "document:1#banned@user:*", "document:1#pardoned@user:a"]))
        #expect(try everyone.users("user", of: "document:1", "viewer") == ["user:a"])
        let one = Evaluator(model: model, tuples: TupleIndex(["document:1#public@user:*", "document:1#banned@user:a", "document:1#pardoned@user:a"]))
        #expect(try one.users("user", of: "document:1", "viewer") == ["user:*", "user:a"])
    }

    @Test("ends where groups are in each other")
    func circles() throws {
        let evaluator = try Library.evaluator([
            "group:a#member@group:b#member", "group:b#member@group:c#member", "group:c#member@group:a#member", "group:b#member@user:anne",
            "document:1#viewer@group:a#member",
        ])
        #expect(try evaluator.users("user", of: "document:1", "viewer") == ["user:anne"])
        #expect(try evaluator.users("group", "member", of: "group:a", "member") == ["group:a#member", "group:b#member", "group:c#member"])
    }

    @Test("goes as deep as the limits allow")
    func depth() throws {
        let evaluator = try Library.evaluator((0..<30).map { "group:\($0)#member@group:\($0 + 1)#member" } + ["group:30#member@user:anne"])
        func users(of group: Int) throws -> [UserReference] {
            let limits = EvaluationLimits(deadline: .now + .seconds(60))
            return try evaluator.listUsers(of: object("group:\(group)"), relation: "member", filter: UserFilter(type: "user"), limits: limits)
        }
        #expect(try users(of: 6) == [user("user:anne")])
        #expect(throws: EvaluationFailure.tooDeep) { try users(of: 5) }
    }

    @Test("counts the tuples of the request, and needs the parameters of conditions that it comes by")
    func requests() throws {
        let evaluator = try Library.evaluator(["document:1#temporary@user:anne"], when: "open")
        func list(_ context: ConditionContext, _ contextual: [String] = []) throws -> Set<String> {
            let users = try evaluator.listUsers(
                of: object("document:1"), relation: "visitor", filter: UserFilter(type: "user"), contextualTuples: contextual.map { tuple($0) }, context: context,
                limits: .generous)
            return Set(users.map(\.description))
        }
        #expect(try list(["x": .bool(true)]) == ["user:anne"])
        #expect(try list(["x": .bool(false)], ["document:1#owner@user:bob"]) == ["user:bob"])
        #expect {
            _ = try list([:])
        } throws: { error in
            if case EvaluationFailure.undecidedCondition(name: "open", reason: _)? = error as? EvaluationFailure { true } else { false }
        }
    }

    @Test("stops at as many as wanted, and at the deadline")
    func ends() throws {
        let evaluator = try Library.evaluator((0..<20).map { "document:1#owner@user:\($0)" })
        func count(_ limits: EvaluationLimits, _ maximum: Int) throws -> Int {
            try evaluator.listUsers(of: object("document:1"), relation: "commenter", filter: UserFilter(type: "user"), limits: limits, maximum: maximum).count
        }
        #expect(try count(.generous, 7) == 7)
        #expect(try count(.generous, 0) == 20)
        #expect(try count(EvaluationLimits(deadline: .now), 0) == 0)
    }

    @Test(
        "refuses what the model does not have",
        arguments: [
            (UserFilter(type: "gone"), "document", "viewer", "type 'gone' not found"),
            (UserFilter(type: "group", relation: "gone"), "document", "viewer", "relation 'group#gone' not found"),
            (UserFilter(type: "user"), "gone", "viewer", "type 'gone' not found"),
            (UserFilter(type: "user"), "document", "gone", "relation 'document#gone' not found"),
        ])
    func unknown(filter: UserFilter, type: String, relation: String, reason: String) throws {
        let evaluator = try Library.evaluator([])
        #expect(throws: EvaluationFailure.invalidQuestion(reason)) {
            try evaluator.listUsers(of: object("\(type):1"), relation: relation, filter: filter, limits: .generous)
        }
    }
}

extension Evaluator {
    fileprivate func users(_ type: String, _ userRelation: String? = nil, of text: String, _ relation: String) throws -> Set<String> {
        let users = try listUsers(of: object(text), relation: relation, filter: UserFilter(type: type, relation: userRelation), limits: .generous)
        #expect(Set(users).count == users.count)
        return Set(users.map(\.description))
    }
}
