import ReBAC
import Testing

@Suite("Tuples that a model allows")
struct TupleRulesTests {
    private static let text = """
        model
          schema 1.1
        type user
        type robot
        type group
          relations
            define member: [user, user:*, group#member]
        type folder
          relations
            define viewer: [user]
        type document
          relations
            define parent: [folder]
            define owner: [user]
            define viewer: [user with hours, user:*, group#member with hours, group] or owner or viewer from parent
            define can_view: viewer
            define printed: [robot with never]
            define edited: [group#member with hours, user]
        condition hours(now: timestamp, from: int, names: list<string>) { names.size() > 0 }
        condition never() { false }
        """

    private static let rules = TupleRules(model)

    /// `never` has no parameters, which the language cannot say but JSON can.
    private static let model: AuthorizationModel = {
        do {
            var model = try AuthorizationModel(dsl: text.replacing("condition never()", with: "condition never(x: bool)"))
            model.conditions[1].parameters = []
            return model
        } catch {
            Issue.record(error)
            return AuthorizationModel(types: [])
        }
    }()

    private static func tuple(_ object: String, _ relation: String, _ user: String, _ condition: TupleCondition? = nil) throws -> RelationshipTuple {
        RelationshipTuple(key: try TupleKey(object: object, relation: relation, user: user), condition: condition)
    }

    private static let hours = TupleCondition(name: "hours")

    @Test(
        "fit it",
        arguments: [
            ("group:a", "member", "user:anne", nil), ("group:a", "member", "user:*", nil), ("group:a", "member", "group:b#member", nil),
            ("document:1", "parent", "folder:x", nil), ("document:1", "viewer", "user:*", nil), ("document:1", "viewer", "user:anne", hours),
            ("document:1", "viewer", "group:a#member", hours), ("document:1", "viewer", "group:a", nil),
            ("document:1", "printed", "robot:1", TupleCondition(name: "never")),
        ])
    func fitting(_ object: String, _ relation: String, _ user: String, _ condition: TupleCondition?) throws {
        let tuple = try Self.tuple(object, relation, user, condition)
        #expect(Self.rules.problem(with: tuple) == nil)
        #expect(Self.rules.problem(writing: tuple) == nil)
        #expect(Self.rules.fits(tuple))
    }

    @Test(
        "do not fit it, with OpenFGA's reasons",
        arguments: [
            ("page:1", "viewer", "user:anne", nil, TupleProblem.unknownType("page")),
            ("document:1", "viewer", "person:anne", nil, .unknownType("person")),
            ("document:1", "viewer", "person:*", nil, .unknownType("person")),
            ("document:1", "viewer", "person:x#member", nil, .unknownType("person")),
            ("page:1", "viewer", "person:anne", nil, .unknownType("person")),
            ("document:1", "reader", "user:anne", nil, .unknownRelation("reader", type: "document")),
            ("document:1", "viewer", "group:a#boss", nil, .unknownRelation("boss", type: "group")),
            ("document:1", "can_view", "user:anne", nil, .notAllowed("type 'user' is not an allowed type restriction for 'document#can_view'")),
            ("document:1", "owner", "robot:1", nil, .notAllowed("type 'robot' is not an allowed type restriction for 'document#owner'")),
            (
                "document:1", "owner", "user:*", nil,
                .notAllowed("the typed wildcard 'user:*' is not an allowed type restriction for 'document#owner'")
            ),
            ("document:1", "owner", "group:a#member", nil, .notAllowed("'group#member' is not an allowed type restriction for 'document#owner'")),
            ("document:1", "parent", "folder:*", nil, .notAllowed("unexpected wildcard relationship with tupleset relation 'document#parent'")),
            (
                "document:1", "parent", "folder:x#viewer", nil,
                .notAllowed("unexpected user 'folder:x#viewer' with tupleset relation 'document#parent'")
            ),
            ("document:1", "parent", "user:anne", nil, .notAllowed("type 'user' is not an allowed type restriction for 'document#parent'")),
            ("document:1", "viewer", "user:anne", nil, .invalidCondition("condition is missing")),
            // What another form of the type may have is not for this one.
            ("document:1", "viewer", "group:a#member", nil, .invalidCondition("condition is missing")),
            ("document:1", "viewer", "user:*", hours, .invalidCondition("invalid condition for type restriction")),
            ("document:1", "viewer", "group:a", hours, .invalidCondition("invalid condition for type restriction")),
            ("document:1", "edited", "group:a#member", nil, .invalidCondition("condition is missing")),
            ("document:1", "viewer", "user:anne", TupleCondition(name: "minutes"), .invalidCondition("undefined condition")),
            ("document:1", "viewer", "user:anne", TupleCondition(name: "never"), .invalidCondition("invalid condition for type restriction")),
            ("document:1", "owner", "user:anne", hours, .invalidCondition("invalid condition for type restriction")),
        ])
    func refused(_ object: String, _ relation: String, _ user: String, _ condition: TupleCondition?, problem: TupleProblem) throws {
        let tuple = try Self.tuple(object, relation, user, condition)
        #expect(Self.rules.problem(with: tuple) == problem)
        #expect(Self.rules.problem(writing: tuple) == problem)
        #expect(!Self.rules.fits(tuple))
    }

    private static func problem(context: ConditionContext, condition: String = "hours") throws -> TupleProblem? {
        let user = condition == "hours" ? "user:anne" : "robot:1"
        let relation = condition == "hours" ? "viewer" : "printed"
        return rules.problem(with: try tuple("document:1", relation, user, TupleCondition(name: condition, context: context)))
    }

    @Test("may bring parameters of their condition, in its types")
    func parameters() throws {
        #expect(try Self.problem(context: ["now": .string("2026-01-01T00:00:00Z"), "from": .number(3), "names": .list([.string("a")])]) == nil)
        #expect(try Self.problem(context: ["night": .bool(true), "day": .bool(true)]) == .invalidCondition("found invalid context parameter: day"))
        #expect(try Self.problem(context: ["x": .bool(true)], condition: "never")
                == .invalidCondition("parameter type error on condition 'never' - no parameters defined for the condition"))
        guard case .invalidCondition(let reason) = try Self.problem(context: ["from": .bool(true)]) else {
            Issue.record("a boolean is no integer")
            return
        }
        #expect(reason.contains("failed to convert context parameter 'from': "), "\(reason)")
    }

    @Test("may nest their context to a bound")
    func nesting() throws {
        var value = ContextValue.null
        for _ in 1..<ContextValue.maximumNesting { value = .list([value]) }
        let tooDeep = TupleProblem.invalidCondition("the context is nested more than \(ContextValue.maximumNesting) deep")
        #expect(try Self.problem(context: ["names": value]) != tooDeep)
        #expect(try Self.problem(context: ["names": .list([value])]) == tooDeep)
        #expect(try Self.problem(context: ["names": .map(["a": value])]) == tooDeep)
    }

    @Test("are written with at most 32 KB of context")
    func contextSize() throws {
        // The field, its key of 5 bytes, and two nested lists of one text, each length in three bytes.
        let overhead = (1 + 3) + (2 + 5) + (1 + 3) + (1 + 3) + (1 + 3) + (1 + 3)
        func tuple(_ count: Int) throws -> RelationshipTuple {
            try Self.tuple(
                "document:1", "viewer", "user:anne",
                TupleCondition(name: "hours", context: ["names": .list([.string(String(repeating: "x", count: count))])]))
        }
        let fitting = TupleRules.maximumContextBytes - overhead
        #expect(Self.rules.problem(writing: try tuple(fitting)) == nil)
        #expect(Self.rules.problem(writing: try tuple(fitting + 1)) == .contextTooLarge(bytes: TupleRules.maximumContextBytes + 1))
        // What is there is not measured again.
        #expect(Self.rules.problem(with: try tuple(fitting + 1)) == nil)
    }

    @Test("are not written when they hold anyway, but may be brought along")
    func implicit() throws {
        let tuple = try Self.tuple("group:a", "member", "group:a#member")
        #expect(Self.rules.problem(writing: tuple) == .implicit)
        #expect(Self.rules.problem(with: tuple) == nil)
    }

    @Test("are not needed to ask, which takes only types and relations that are there")
    func asking() throws {
        func problem(_ object: String, _ relation: String, _ user: String) throws -> TupleProblem? {
            Self.rules.problem(asking: try TupleKey(object: object, relation: relation, user: user))
        }
        #expect(try problem("document:1", "can_view", "user:anne") == nil)
        #expect(try problem("document:1", "parent", "user:*") == nil)
        #expect(try problem("document:1", "owner", "group:a#member") == nil)
        #expect(try problem("document:1", "owner", "group:a#boss") == .unknownRelation("boss", type: "group"))
        #expect(try problem("page:1", "owner", "user:anne") == .unknownType("page"))
        #expect(try problem("document:1", "reader", "user:anne") == .unknownRelation("reader", type: "document"))
        #expect(try problem("document:1", "owner", "person:anne") == .unknownType("person"))
    }

    @Test("are named in messages as OpenFGA names them")
    func messages() throws {
        let tuple = try Self.tuple("document:1", "viewer", "user:anne", TupleCondition(name: "minutes"))
        #expect(
            TupleProblem.invalidCondition("undefined condition").message(about: tuple)
                == "Invalid tuple 'document:1#viewer@user:anne (condition minutes)'. Reason: undefined condition")
        #expect(
            TupleProblem.unknownType("page").message(about: tuple) == "Invalid tuple 'document:1#viewer@user:anne'. Reason: type 'page' not found")
    }
}
