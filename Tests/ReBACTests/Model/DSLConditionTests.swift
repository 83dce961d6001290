import Testing

@testable import ReBAC

@Suite("Conditions in OpenFGA's language")
struct DSLConditionTests {
    /// The condition stands from the first column of line 4.
    ///
    /// It is only read: what its expression says does not matter here.
    private static func read(_ condition: String) throws -> ConditionDefinition {
        var parser = DSLParser(SourceText("model\n  schema 1.1\ntype user\n" + condition))
        try parser.parse()
        return try #require(parser.model.conditions.first)
    }

    @Test("have parameters of every type")
    func parameters() throws {
        let condition = try Self.read(
            """
            condition all(
                a: bool, b:string , c : int, # the third
                d: uint,
                e: double, f: duration, g: timestamp, h: ipaddress, i: any,
                j: list<string>, k: map<int>
            ) { a }
            """)
        let types: [ConditionParameterType] = [
            .bool, .string, .int, .uint, .double, .duration, .timestamp, .ipaddress, .any, .list(.string), .map(.int),
        ]
        #expect(condition.parameters == zip("abcdefghijk", types).map { ConditionParameter(name: String($0), type: $1) })
    }

    @Test(
        "have the expression between the braces",
        arguments: [
            ("{ x }", "x"), ("{x}", "x"), ("{\n  x &&\n    x\n}", "x &&\n    x"), ("{\n\n  x\n\n  }", "x"), ("{ x # not this\n && x }", "x \n && x"),
            ("{\n  # not this\n  x\n}", "x"), ("{ x // } nor this\n}", "x"), ("{ \"}\" != \"a }\" }", "\"}\" != \"a }\""),
            ("{ '# }' != \" #\" }", "'# }' != \" #\""),
            ("{ \"\\\"}\" != '\\'}' }", "\"\\\"}\" != '\\'}'"), ("{ r\"\\\" != r'}' }", "r\"\\\" != r'}'"),
            ("{ br\"\\\" != bR'}' }", "br\"\\\" != bR'}'"),
            ("{ bar\"\\\"}\" }", "bar\"\\\"}\""), ("{ \"\"\"}\n # \"\" }\"\"\" != x }", "\"\"\"}\n # \"\" }\"\"\" != x"),
            ("{ '''}'''!= x }", "'''}'''!= x"),
            ("{ \"//\" != \"#\" }", "\"//\" != \"#\""), ("{ a[0]# }", "a[0]#"), ("{ \"ü🦅\" == x }", "\"ü🦅\" == x"), ("{}", ""),
            ("{ \"\" != '' }", "\"\" != ''"),
        ])
    func expressions(_ body: String, is expression: String) throws {
        #expect(try Self.read("condition c(x: bool) \(body)").expression == expression)
    }

    @Test(
        "are refused where they are wrong",
        arguments: [
            ("condition", 4, 10, "expected a blank before the name"), ("condition c", 4, 12, "expected '('"),
            ("condition c()", 4, 13, "expected the name of a parameter"),
            ("condition c(x)", 4, 14, "expected ':'"), ("condition c(string)", 4, 13, "'string' cannot be the name of a parameter"),
            ("condition list(x: int) { x }", 4, 11, "'list' cannot be the name of a condition"),
            ("condition a.b(x: int) { x }", 4, 11, "'a.b' cannot be the name"),
            ("condition c(x: text) { x }", 4, 16, "expected the type of the parameter (any, bool,"),
            ("condition c(x: list) { x }", 4, 20, "expected '<' and the type of the elements"),
            ("condition c(x: map<map>) { x }", 4, 20, "expected the type of the elements"),
            ("condition c(x: list<list<int>>) { x }", 4, 21, "expected the type of the elements"),
            ("condition c(x: list<int) { x }", 4, 24, "expected '>'"), ("condition c(x: int y: int) { x }", 4, 20, "expected ',' or ')'"),
            ("condition c(x: int,) { x }", 4, 20, "expected the name of a parameter"),
            ("condition c(x: int, x: int) { x }", 4, 21, "the parameter 'x' is already defined"),
            ("condition c(x: int)\n{ x }", 4, 20, "expected '{'"), ("condition c(x: int) { x", 4, 22, "has no '}' at its end"),
            ("condition c(x: int) { x\n # }", 4, 22, "has no '}' at its end"), ("condition c(x: int) { \"x }", 4, 23, "has no end"),
            ("condition c(x: int) { \"x\n\" }", 4, 23, "has no end"),
            ("condition c(x: int) { '''x' }", 4, 23, "has no end"), ("condition c(x: int) { {}.x }", 4, 25, "expected the end of the line"),
            ("condition c(x: int) { \"\\", 4, 23, "has no end"),
            ("condition c(x: int) { x }\ncondition c(x: int) { x }", 5, 11, "the condition 'c' is already defined"),
        ])
    func refused(_ condition: String, line: Int, column: Int, because reason: String) throws {
        let problem = try #require(#expect(throws: ModelProblem.self) { try Self.read(condition) })
        #expect(problem.reason.contains(reason), "\(problem)")
        #expect(problem.position == ModelProblem.Position(line: line, column: column), "\(problem)")
    }
}
