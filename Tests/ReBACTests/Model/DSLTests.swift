import ReBAC
import Testing

@Suite("Models in OpenFGA's language")
struct DSLTests {
    /// Relations `a` to `e` and `p`, which others can refer to, and `x` with this definition.
    private static func rewrite(_ definition: String) throws -> UsersetRewrite {
        let model = try AuthorizationModel(
            dsl: """
                model
                  schema 1.1
                type user
                type folder
                  relations
                    define p: [folder]
                    define a: [user]
                    define b: [user]
                    define c: [user]
                    define d: [user]
                    define e: [user]
                    define x: \(definition)
                """)
        return try #require(model.types.last?.relations.last).rewrite
    }

    private static let a = UsersetRewrite.computed(relation: "a")
    private static let b = UsersetRewrite.computed(relation: "b")
    private static let c = UsersetRewrite.computed(relation: "c")
    private static let d = UsersetRewrite.computed(relation: "d")
    private static let fromParent = UsersetRewrite.tupleToUserset(tupleset: "p", relation: "a")

    @Test(
        "combine relations as written",
        arguments: [
            ("[user]", UsersetRewrite.direct), ("a", a), ("a from p", fromParent), ("([user])", .direct), ("((a))", a), ("( a )", a),
            ("[user] or a", .union([.direct, a])), ("a or b or c", .union([a, b, c])), ("a and b and c", .intersection([a, b, c])),
            ("a but not b", .exclusion(base: a, subtracted: b)), ("a or a from p", .union([a, fromParent])),
            ("(a or b) and c", .intersection([.union([a, b]), c])), ("a and (b or c)", .intersection([a, .union([b, c])])),
            ("(a or b) or c", .union([.union([a, b]), c])), ("([user] or a) and b", .intersection([.union([.direct, a]), b])),
            ("(([user] but not a) or b) and c", .intersection([.union([.exclusion(base: .direct, subtracted: a), b]), c])),
            ("(a but not b) but not c", .exclusion(base: .exclusion(base: a, subtracted: b), subtracted: c)),
            ("a but not (b but not (c and d))", .exclusion(base: a, subtracted: .exclusion(base: b, subtracted: .intersection([c, d])))),
            ("  [  user  ]   or\ta   # both", .union([.direct, a])),
            ("(a from p or b) but not c", .exclusion(base: .union([fromParent, b]), subtracted: c)),
        ])
    func operators(_ definition: String, is rewrite: UsersetRewrite) throws {
        #expect(try Self.rewrite(definition) == rewrite)
    }

    /// The definition stands from column 15 of line 12.
    @Test(
        "refuse what has no meaning or two, at its place",
        arguments: [
            ("a or b and c", 22, "'or' and 'and' cannot be mixed"), ("a and b or c", 23, "'and' and 'or' cannot be mixed"),
            ("a or b but not c", 22, "'or' and 'but not' cannot be mixed"), ("a but not b but not c", 27, "'but not' cannot follow"),
            ("a but not b or c", 27, "'but not' and 'or' cannot be mixed"), ("[user] and (a but not b) or c", 40, "cannot be mixed"),
            ("a or (b and c but not d)", 29, "cannot be mixed"), ("a or [user]", 20, "first operand"), ("[user] or [user]", 25, "first operand"),
            ("a but not [user]", 25, "first operand"), ("a or ([user] and b)", 21, "first operand"), ("or a", 15, "'or' is a word of the language"),
            ("but not a", 15, "but found 'but not'"), ("", 15, "expected the name of a relation"), ("a or", 19, "expected a blank before"),
            ("a or ", 20, "expected the name of a relation"), ("a from", 21, "expected a blank before what follows 'from'"),
            ("a from (b)", 22, "expected the name"),
            ("a b", 17, "expected the end of the line, but found 'b'"), ("(a or b", 22, "expected ')', but found the end"),
            ("a)", 16, "expected the end of the line"),
            ("()", 16, "expected the name of a relation, but found ')'"), ("(a)or b", 18, "expected a blank before 'or'"),
            ("a or(b)", 19, "expected a blank before"),
            ("[]", 16, "expected the name of a type, but found ']'"), ("[ ]", 17, "expected the name of a type"),
            ("[user", 20, "expected ',' or ']'"),
            ("[user,]", 21, "expected the name of a type"), ("[user user]", 21, "expected ',' or ']'"), ("[user:*:*]", 22, "expected ',' or ']'"),
            ("[user#a:*]", 22, "expected ',' or ']'"), ("[user:anne]", 21, "expected '*'"),
            ("[user #a]", 24, "expected ',' or ']', but found the end of the model"),
            ("[user with]", 25, "expected a blank before the name of the condition"),
            ("[user] as self", 22, "expected the end of the line"), ("[*]", 16, "expected the name of a type"),
            ("[user]# c", 21, "expected the end of the line"),
            ("a OR b", 17, "expected the end of the line"), ("a but  not b", 17, "expected the end of the line"), ("1a", 15, "expected the name"),
            ("a\0", 16, "a control character"),
            ("ä", 15, "expected the name of a relation, but found 'ä'"), ("in", 15, "'in' is a word of the language"),
        ])
    func refusedOperators(_ definition: String, column: Int, because reason: String) throws {
        let error = #expect(throws: InvalidModel.self) { try Self.rewrite(definition) }
        let problem = try #require(error?.problems.first)
        #expect(problem.reason.contains(reason), "\(problem)")
        #expect(problem.kind == .malformed)
        #expect(problem.position == ModelProblem.Position(line: 12, column: column), "\(problem)")
    }

    @Test("list the types in brackets, on several lines if need be")
    func restrictions() throws {
        let model = try AuthorizationModel(
            dsl: """
                model
                  schema 1.1
                type user
                type group
                  relations
                    define member: [user, user:*, group#member, # those of subgroups
                      user with c,
                      # a line of its own

                      user:* with c,group#member with c
                    ]
                condition c(x: bool) { x }
                """)
        let kinds: [TypeRestriction.Form] = [.object, .wildcard, .userset(relation: "member")]
        let expected = [nil, "c"].flatMap { condition in
            kinds.map { TypeRestriction(type: $0 == .userset(relation: "member") ? "group" : "user", form: $0, condition: condition) }
        }
        #expect(model.types[1].relations[0].directTypes == expected)
    }

    @Test(
        "are laid out freely",
        arguments: [
            "model\n  schema 1.1\ntype user\n", "model\nschema 1.1\ntype user", "\n\n  model  \n\n\n   schema   1.1  \n\n      type   user   \n\n\n",
            "# a\n#b\nmodel # c\n  # d\n  schema 1.1 # e\n    # f\ntype user # g\n# h", "model\r\n  schema 1.1\r\ntype user\r\n",
            "model\r  schema 1.1\rtype user",
            "model\n\tschema\t1.1\n\ttype\tuser", "\u{FEFF}model\n  schema 1.1\ntype user", "model\n  schema 1.1\n \u{0C} \ntype user",
        ])
    func layout(_ text: String) throws {
        #expect(try AuthorizationModel(dsl: text) == AuthorizationModel(types: [TypeDefinition(name: "user")]))
    }

    @Test("may name types and relations by the words of the language that OpenFGA allows, and with hyphens, points and slashes")
    func names() throws {
        let names = ["model", "schema", "type", "relation", "module", "extend", "list", "map", "a-b", "a-", "_", "a/b.c", "but", "A1"]
        let text = "model\n  schema 1.1\n" + names.map { "type \($0)\n  relations\n    define \($0): [\($0)]\n    define viewer: \($0)\n" }.joined()
        #expect(try AuthorizationModel(dsl: text).types.map(\.name) == names)
    }

    @Test(
        "are refused at the line and column where they are wrong",
        arguments: [
            ("", 1, 1, "expected 'model', but found the end of the model"), ("type user", 1, 1, "expected 'model', but found 'type'"),
            ("module core\ntype user", 1, 1, "modules are not supported"), ("model", 1, 6, "expected 'schema'"),
            ("model schema 1.1", 1, 7, "expected the end of the line"),
            ("model\n  schema1.1", 2, 3, "expected 'schema'"), ("model\n  schema 11", 2, 10, "schema '11' is not supported; only 1.1 is"),
            ("model\n  schema 1.2", 2, 10, "schema '1.2' is not supported; only 1.1 is"),
            ("model\n  schema 1.0", 2, 10, "schema '1.0' is not supported"),
            ("model\n  schema 1.1.1", 2, 10, "schema '1.1.1' is not supported"), ("model\n  schema a", 2, 10, "is not supported"),
            ("model\n  schema 1.1 type user", 2, 14, "expected the end of the line"),
            ("model\n  schema 1.1\nmodule core", 3, 1, "modules are not supported"),
            ("model\n  schema 1.1\nextend type user", 3, 1, "modules are not supported"),
            ("model\n  schema 1.1\ntype", 3, 5, "expected a blank before the name of the type"),
            ("model\n  schema 1.1\ntype user, group", 3, 10, "expected the end of the line, but found ','"),
            ("model\n  schema 1.1\ntype and", 3, 6, "'and' is a word"),
            ("model\n  schema 1.1\ntype user\n  define a: [user]", 4, 3, "'define' must follow 'relations'"),
            ("model\n  schema 1.1\ntype user\n  relations", 4, 12, "expected 'define'"),
            ("model\n  schema 1.1\ntype user\n  relations\ntype b", 5, 1, "expected 'define'"),
            ("model\n  schema 1.1\ntype user\n  relations\n    defne a: [user]", 5, 5, "expected 'define', but found 'defne'"),
            ("model\n  schema 1.1\ntype user\n  relations\n    define a [user]", 5, 14, "expected ':'"),
            (
                "model\n  schema 1.1\ntype user\n  relations\n    define a: [user]\n    define b:[user]\n    define a: b", 7, 12,
                "'a' is already defined in 'user'"
            ),
            ("model\n  schema 1.1\ntype user\n  relations\n    define a: [user]\n  relations", 6, 3, "'relations' must follow"),
            ("model\n  schema 1.1\ncondition c(x: bool) { x }\ntype user", 4, 1, "types must come before conditions"),
            ("model\n  schema 1.1\ntype üser", 3, 6, "expected the name of a type, but found 'ü'"),
            ("model\n  schema 1.1\n# ü\0\ntype a\n  \u{1F985}", 5, 3, "but found '🦅'"),
        ])
    func refused(_ text: String, line: Int, column: Int, because reason: String) throws {
        let error = #expect(throws: InvalidModel.self) { try AuthorizationModel(dsl: text) }
        let problem = try #require(error?.problems.first)
        #expect(problem.reason.contains(reason), "\(problem)")
        #expect(problem.position == ModelProblem.Position(line: line, column: column), "\(problem)")
        #expect(problem.kind == .malformed)
    }

    @Test("nest parentheses up to a bound that JSON can hold, and a megabyte of them is only refused")
    func nesting() throws {
        let depth = UsersetRewrite.maximumNesting - 2
        let rewrite = try Self.rewrite("a or " + String(repeating: "(b and ", count: depth) + "c" + String(repeating: ")", count: depth))
        let model = AuthorizationModel(types: [TypeDefinition(name: "t", relations: [RelationDefinition(name: "x", rewrite: rewrite)])])
        #expect(try AuthorizationModel(json: model.json()) == model)
        #expect(throws: InvalidModel.self) {
            try Self.rewrite(String(repeating: "(", count: depth + 1) + "a" + String(repeating: ")", count: depth + 1))
        }
        #expect(throws: InvalidModel.self) { try Self.rewrite(String(repeating: "(", count: 1_000_000)) }
        #expect(throws: InvalidModel.self) { try Self.rewrite(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("tell of each relation that contradicts the rest where it is defined")
    func validated() throws {
        let error = #expect(throws: InvalidModel.self) {
            try AuthorizationModel(
                dsl: """
                    model
                      schema 1.1
                    type user
                    type doc
                      relations
                        define viewer: [user, robot]
                        define editor: writer
                    """)
        }
        let problems = try #require(error).problems
        #expect(problems.map(\.position) == [ModelProblem.Position(line: 6, column: 12), ModelProblem.Position(line: 7, column: 12)])
        #expect(problems.map(\.kind) == [.invalid, .invalid])
    }
}
