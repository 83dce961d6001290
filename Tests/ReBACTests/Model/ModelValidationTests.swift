import ReBAC
import Testing

@Suite("Validation of models")
struct ModelValidationTests {
    private static let user = TypeDefinition(name: "user")
    private static let direct = [TypeRestriction(type: "user")]

    /// `user`, and `doc` with these relations.
    private static func problems(_ relations: RelationDefinition..., conditions: [ConditionDefinition] = []) -> [ModelProblem] {
        AuthorizationModel(types: [user, TypeDefinition(name: "doc", relations: relations)], conditions: conditions).problems()
    }

    private static func reasons(dsl: String) -> [String] {
        do {
            _ = try AuthorizationModel(dsl: dsl)
            return []
        } catch {
            return error.problems.map(\.reason)
        }
    }

    /// The relations of `doc`, beside the types `user`, `group` with `member`, and `folder` with `viewer` and `parent`.
    private static func reasons(_ relations: String...) -> [String] {
        reasons(
            dsl: """
                model
                  schema 1.1
                type user
                type group
                  relations
                    define member: [user, group#member]
                type folder
                  relations
                    define parent: [folder]
                    define viewer: [user] or viewer from parent
                type doc
                  relations
                \(relations.map { "    define \($0)" }.joined(separator: "\n"))
                condition c(x: bool) { x }
                """)
    }

    @Test(
        "finds nothing wrong with models that OpenFGA takes",
        arguments: [
            ["a: [user]"], ["a: [user:*]"], ["a: [group#member]"], ["a: [user with c, user:* with c, user]"],
            ["parent: [folder, doc]", "a: viewer from parent"],
            ["parent: [user, folder]", "a: viewer from parent"],
            ["a: [doc#a] or b", "b: [user]"], ["a: [user, doc#b]", "b: [user, doc#a]"], ["a: [doc#b]", "b: [user] or c", "c: [doc#a]"],
            ["a: b", "b: c", "c: [user]"], ["a: [user] but not b", "b: [user] and viewer from p", "p: [folder]"],
            ["a: [user] and (b or a from p)", "b: [user]", "p: [doc]"], ["a: b and b", "b: [user]"],
            // OpenFGA knows no types without meaning, but this is one that its own walk takes for a loop when operands stand the other way.
            ["x: y", "y: a and r", "a: [doc#r] or b", "b: [user]", "r: [doc#a]"],
        ])
    func valid(_ relations: [String]) {
        let text = relations.map { "    define \($0)" }.joined(separator: "\n")
        #expect(Self.reasons(text.replacing("    define ", with: "", maxReplacements: 1)) == [])
    }

    @Test(
        "finds references to what is not there",
        arguments: [
            (["a: b"], ["'doc#b' relation is undefined"]),
            (["a: [user] or member"], ["'doc#member' relation is undefined"]),
            (["a: viewer from parent"], ["'doc#parent' relation is undefined"]),
            (
                ["p: [user]", "a: viewer from p"],
                ["undefined relation: viewer does not appear as a relation in any of the directly related user types of 'doc#p'"]
            ),
            (["a: [robot]"], ["the relation type 'robot' on 'a' in object type 'doc' is not valid: type 'robot' is undefined"]),
            (["a: [robot:*]"], ["the relation type 'robot:*' on 'a' in object type 'doc' is not valid: type 'robot' is undefined"]),
            (["a: [group#boss]"], ["the relation type 'group#boss' on 'a' in object type 'doc' is not valid: 'group#boss' is undefined"]),
            (["a: [user with d]"], ["condition d is undefined for relation a"]),
            (["a: a"], ["the definition of relation 'a' in object type 'doc' is invalid: invalid userset rewrite definition: it refers to itself"]),
            (
                ["a: [user] or (b and a)", "b: [user]"],
                ["the definition of relation 'a' in object type 'doc' is invalid: invalid userset rewrite definition: it refers to itself"]
            ),
        ])
    func undefined(_ relations: [String], reasons: [String]) {
        #expect(Self.reasons(relations.joined(separator: "\n    define ")) == reasons)
    }

    @Test("finds tuplesets that are not lists of single objects")
    func tuplesets() {
        let direct = "the 'doc#p' relation is referenced in at least one tupleset and thus must be a direct relation"
        #expect(Self.reasons("p: [folder] or q\n    define q: [folder]\n    define a: viewer from p") == [direct])
        #expect(Self.reasons("p: q\n    define q: [folder]\n    define a: viewer from p") == [direct])
        let single = "is not valid: 'p' is used in a 'from', so its users must be single objects"
        #expect(
            Self.reasons("p: [folder, folder:*]\n    define a: viewer from p") == [
                "the relation type 'folder:*' on 'p' in object type 'doc' \(single)"
            ])
        #expect(
            Self.reasons("p: [folder#viewer, folder]\n    define a: viewer from p") == [
                "the relation type 'folder#viewer' on 'p' in object type 'doc' \(single)"
            ])
    }

    @Test("finds lists in brackets that are missing or have no place")
    func assignable() {
        #expect(
            Self.problems(RelationDefinition(name: "a", rewrite: .direct)).map(\.reason)
                == ["the assignable relation 'a' in object type 'doc' must contain at least one relation type"])
        #expect(
            Self.problems(
                RelationDefinition(name: "b", rewrite: .direct, directTypes: Self.direct),
                RelationDefinition(name: "a", rewrite: .computed(relation: "b"), directTypes: Self.direct)
            ).map(\.reason) == ["the non-assignable relation 'a' in object type 'doc' should not contain a relation type"])
    }

    private static let noEntrypoint = "no entrypoints defined: no tuple could ever make it hold"
    private static let loop = "potential loop: no tuple could ever make it hold"
    private static let cycle = "an authorization model cannot contain a cycle"

    @Test(
        "finds relations that can never hold, and cycles",
        arguments: [
            (["a: [doc#a]"], ["a": noEntrypoint]),
            (["a: [doc#b]", "b: [doc#a]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: b", "b: [doc#a]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: a from p", "p: [doc]"], ["a": noEntrypoint]),
            (["a: [user] and b", "b: [doc#b]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: [user] but not b", "b: [doc#b]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: [user] and (b or b from p)", "b: [doc#b]", "p: [doc]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: b", "b: a"], ["a": loop, "b": loop]),
            (["a: b or c", "b: c", "c: a"], ["a": loop, "b": loop, "c": loop]),
            (["a: b and c", "b: [user]", "c: a"], ["a": loop, "c": loop]),
            (["a: [user] or b", "b: a"], ["a": cycle, "b": cycle]),
            (["a: [user] or b", "b: [user] or c", "c: [user] or a"], ["a": cycle, "b": cycle, "c": cycle]),
            (["x: a", "a: [user] or b", "b: [user] or a"], ["a": cycle, "b": cycle]),
            (["a: [user] but not b", "b: [user] and a"], ["a": loop, "b": loop]),
            (["a: [user] but not b", "b: [user] and a from p", "p: [doc]"], ["a": noEntrypoint, "b": noEntrypoint]),
            (["a: [user] or (b but not c)", "b: [user] or a", "c: [user]"], ["a": cycle, "b": cycle]),
        ])
    func entrypoints(_ relations: [String], causes: [String: String]) {
        let expected = causes.sorted { $0.key < $1.key }.map { "the definition of relation '\($0)' in object type 'doc' is invalid: \($1)" }
        #expect(Self.reasons(relations.joined(separator: "\n    define ")).sorted() == expected)
    }

    @Test("finds conditions whose expressions say nothing", arguments: ["", "x +", "y", "1 + 1"])
    func expressions(_ expression: String) throws {
        let text = "model\n  schema 1.1\ntype user\ncondition good(x: bool) { x }\ncondition  bad(x: bool) { \(expression) }"
        let error = #expect(throws: InvalidModel.self) { try AuthorizationModel(dsl: text) }
        let problems = try #require(error).problems
        #expect(problems.count == 1)
        #expect(problems.first?.reason.contains("'bad'") == true, "\(problems)")
        #expect(problems.first?.position == ModelProblem.Position(line: 5, column: 12))
    }

    @Test("finds names that stand twice")
    func duplicates() {
        #expect(
            AuthorizationModel(types: [Self.user, Self.user]).problems().map(\.reason) == [
                "an authorization model cannot contain duplicate types: 'user'"
            ])
        let relation = RelationDefinition(name: "a", rewrite: .direct, directTypes: Self.direct)
        #expect(
            Self.problems(relation, relation).map(\.reason)
                == ["the definition of relation 'a' in object type 'doc' is invalid: it is defined more than once"])
        let condition = ConditionDefinition(name: "c", parameters: [ConditionParameter(name: "x", type: .bool)], expression: "x")
        #expect(Self.problems(conditions: [condition, condition]).map(\.reason) == ["the condition 'c' is defined more than once"])
        let parameters = [ConditionParameter(name: "x", type: .bool), ConditionParameter(name: "x", type: .int)]
        #expect(
            Self.problems(conditions: [ConditionDefinition(name: "c", parameters: parameters, expression: "x")]).map(\.reason)
                == ["the condition 'c' has the parameter 'x' more than once"])
    }

    @Test("finds reserved names", arguments: ["self", "this"])
    func reserved(_ name: String) {
        #expect(
            AuthorizationModel(types: [TypeDefinition(name: name)]).problems().map(\.reason)
                == ["the definition of type '\(name)' is invalid: self and this are reserved keywords"])
        #expect(
            Self.problems(RelationDefinition(name: name, rewrite: .direct, directTypes: Self.direct)).map(\.reason)
                == ["the definition of relation '\(name)' in object type 'doc' is invalid: self and this are reserved keywords"])
    }

    @Test("finds names that OpenFGA's messages do not take", arguments: ["", "a b", "a:b", "a#b", "a@b", "a\tb", "a\0"])
    func names(_ name: String) {
        let models = [
            AuthorizationModel(types: [TypeDefinition(name: name)]),
            AuthorizationModel(types: [
                Self.user, TypeDefinition(name: "doc", relations: [RelationDefinition(name: name, rewrite: .direct, directTypes: Self.direct)]),
            ]),
            AuthorizationModel(types: [Self.user], conditions: [ConditionDefinition(name: name, parameters: [], expression: "true")]),
            AuthorizationModel(
                types: [Self.user],
                conditions: [ConditionDefinition(name: "c", parameters: [ConditionParameter(name: name, type: .bool)], expression: "true")]),
        ]
        for model in models {
            let problems = model.problems()
            #expect(problems.count == 1)
            #expect(problems.allSatisfy { $0.kind == .malformed && $0.reason.contains("name of") }, "\(problems)")
        }
    }

    @Test("takes names as long as OpenFGA's messages do, and no longer", arguments: ["x", "ü"])
    func nameLengths(_ character: String) {
        func model(type: Int, relation: Int, condition: Int, parameter: Int) -> AuthorizationModel {
            func name(_ count: Int) -> String { String(repeating: character, count: count) }
            return AuthorizationModel(
                types: [
                    Self.user,
                    TypeDefinition(
                        name: name(type), relations: [RelationDefinition(name: name(relation), rewrite: .direct, directTypes: Self.direct)]),
                ],
                conditions: [
                    ConditionDefinition(
                        name: name(condition), parameters: [ConditionParameter(name: name(parameter), type: .bool)], expression: "true")
                ])
        }
        #expect(model(type: 254, relation: 50, condition: 50, parameter: 50).problems() == [])
        #expect(model(type: 255, relation: 50, condition: 50, parameter: 50).problems().count == 1)
        #expect(model(type: 254, relation: 51, condition: 50, parameter: 50).problems().count == 1)
        #expect(model(type: 254, relation: 50, condition: 51, parameter: 50).problems().count == 1)
        #expect(model(type: 254, relation: 50, condition: 50, parameter: 51).problems().count == 1)
        let huge = model(type: 100_000, relation: 50, condition: 50, parameter: 50).problems()
        #expect(huge.allSatisfy { $0.reason.count < 1000 } && huge.count == 1)
    }

    @Test("takes as many conditions, parameters and bytes of an expression as OpenFGA's messages do")
    func conditionLimits() {
        func problems(conditions: Int, parameters: Int, bytes: Int) -> [ModelProblem] {
            let expression = "true" + String(repeating: " ", count: bytes - 4)
            let parameters = (0..<parameters).map { ConditionParameter(name: "p\($0)", type: .bool) }
            return Self.problems(
                conditions: (0..<conditions).map {
                    ConditionDefinition(name: "c\($0)", parameters: $0 == 0 ? parameters : [], expression: $0 == 0 ? expression : "true")
                })
        }
        #expect(problems(conditions: 25, parameters: 25, bytes: 512) == [])
        #expect(problems(conditions: 26, parameters: 25, bytes: 512).map(\.kind) == [.malformed])
        #expect(problems(conditions: 25, parameters: 26, bytes: 512).map(\.kind) == [.malformed])
        #expect(problems(conditions: 25, parameters: 25, bytes: 513).map(\.kind) == [.malformed])
    }

    @Test("takes one type to a hundred")
    func typeLimits() {
        func problems(_ count: Int) -> [ModelProblem] { AuthorizationModel(types: (0..<count).map { TypeDefinition(name: "t\($0)") }).problems() }
        #expect(problems(0).map(\.kind) == [.malformed])
        #expect(problems(1) == [])
        #expect(problems(100) == [])
        #expect(problems(101).map(\.kind) == [.exceedsLimit])
    }

    @Test("refuses rewrites that are nested too deep, without following them down")
    func nesting() {
        var rewrite = UsersetRewrite.direct
        for _ in 1..<UsersetRewrite.maximumNesting { rewrite = .union([rewrite]) }
        #expect(Self.problems(RelationDefinition(name: "a", rewrite: rewrite, directTypes: Self.direct)) == [])
        rewrite = .union([rewrite])
        #expect(Self.problems(RelationDefinition(name: "a", rewrite: rewrite, directTypes: Self.direct)).map(\.kind) == [.malformed])
    }

    @Test("finds operators without operands")
    func operands() {
        for rewrite in [UsersetRewrite.union([]), .intersection([]), .union([.direct, .intersection([])])] {
            let restrictions = rewrite == .union([.direct, .intersection([])]) ? Self.direct : []
            #expect(Self.problems(RelationDefinition(name: "a", rewrite: rewrite, directTypes: restrictions)).count == 1)
        }
    }
}
