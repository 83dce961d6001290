import ReBAC
import Testing

@Suite("Parameters of conditions")
struct ParameterTests {
    @Test(
        "take the JSON values that OpenFGA takes",
        arguments: [
            (.any, .null), (.any, .list([.map(["a": .number(1)])])), (.bool, .bool(false)), (.string, .string("")), (.int, .number(-3)),
            (.int, .string("12")),
            (.int, .string("+1.50e1")), (.int, .string("-9223372036854775808")), (.int, .number(1e30)), (.int, .string("1e30")), (.uint, .number(3)),
            (.uint, .string("12")),
            (.uint, .string("-0")), (.double, .number(0.1)), (.double, .string("-.5")), (.double, .string("1e3")), (.double, .string("5.")),
            (.double, .string("Inf")),
            (.duration, .string("1h30m")), (.duration, .string("-1.5s")), (.duration, .string("0")),
            (.timestamp, .string("2023-05-03T21:25:23+00:00")),
            (.timestamp, .string("2023-05-03T21:25:23.123456789123Z")), (.ipaddress, .string("10.0.0.1")), (.ipaddress, .string("fe80::1%eth0")),
            (.list(.int), .list([.number(1), .string("2")])), (.list(.any), .list([])), (.map(.list(.string)), .map(["a": .list([.string("b")])])),
        ] as [(ConditionParameterType, ContextValue)])
    func castable(type: ConditionParameterType, value: ContextValue) {
        #expect(type.problem(with: value) == nil)
    }

    @Test(
        "refuse others in OpenFGA's words",
        arguments: [
            (.bool, .string("true"), "expected type value 'bool', but found 'string'"),
            (.string, .number(1), "expected type value 'string', but found 'float64'"),
            (.int, .number(1.5), "expected an int value, but found numeric value '1.5'"),
            (.int, .string("1.25e1"), "expected an int value, but found numeric value '1.25e1'"),
            (.int, .string("ten"), "expected a int64 value, but found invalid string value 'ten'"),
            (.int, .bool(true), "expected type value 'int64', but found 'bool'"),
            (.int, .string(""), "expected a int64 value, but found invalid string value ''"),
            (.int, .string("1 "), "expected a int64 value, but found invalid string value '1 '"),
            (.int, .string("0x10"), "expected a int64 value, but found invalid string value '0x10'"),
            (.int, .string("Inf"), "expected an int value, but found numeric value 'Inf'"),
            (.uint, .number(-1), "expected a uint value, but found int64 value '-1'"),
            (.uint, .number(0.5), "expected a uint value, but found numeric value '0.5'"),
            (.uint, .null, "expected type value 'uint64', but found '<nil>'"),
            (.double, .string("."), "expected a float64 value, but found invalid string value '.'"),
            (.double, .string("1e400"), "number cannot be represented as a float64: 1e400"),
            (.double, .number(.nan), "expected type value 'float64', but found 'NaN'"),
            (.duration, .string("2sm"), "expected a valid duration string, but found: '2sm'"),
            (.duration, .number(5), "expected a duration string, but found: float64"),
            (.timestamp, .string("2023-0914"), "expected RFC 3339 formatted timestamp string, but found '2023-0914'"),
            (.ipaddress, .string("10.0.0"), "expected a well-formed IP address, but found: '10.0.0'"),
            (.ipaddress, .list([]), "expected an ipaddress string, but found: []interface {}"),
            (.list(.int), .string("x"), "list requires a list, found: string"), (.map(.int), .list([]), "map requires a map, found: []interface {}"),
            (.list(.bool), .list([.bool(true), .null]), "found an invalid list item at index `1`: expected type value 'bool', but found '<nil>'"),
            (
                .map(.list(.int)), .map(["k": .list([.bool(true)])]),
                "found an invalid value for key 'k': found an invalid list item at index `0`: expected type value 'int64', but found 'bool'"
            ),
        ] as [(ConditionParameterType, ContextValue, String)])
    func problem(type: ConditionParameterType, value: ContextValue, problem: String) {
        #expect(type.problem(with: value) == problem)
    }

    @Test("are cast before they are compared: ints are clamped, text is read")
    func casting() {
        expect("i == 9223372036854775807", .holds, parameters: [("i", .int)], context: ["i": .string("1e30")])
        expect("i == 9223372036854775807", .holds, parameters: [("i", .int)], context: ["i": .string("9223372036854775807")])
        expect("i == -9223372036854775808", .holds, parameters: [("i", .int)], context: ["i": .number(-1e300)])
        expect("d == 1500.0", .holds, parameters: [("d", .double)], context: ["d": .string("1.5e3")])
        expect("l == [1, 2]", .holds, parameters: [("l", .list(.int))], context: ["l": .list([.string("1"), .number(2)])])
        expect("m.a < m.b", .holds, parameters: [("m", .map(.duration))], context: ["m": .map(["a": .string("59s"), "b": .string("1m")])])
    }

    @Test("whose names differ only in the form of a letter are two")
    func names() throws {
        let definition = ConditionDefinition(
            name: "c", parameters: [ConditionParameter(name: "i", type: .int), ConditionParameter(name: "i", type: .int)], expression: "i == 1")
        #expect(throws: ModelProblem.self) { try CompiledCondition(definition) }
        expect("m['\\u00e9'] == 1 && !('e\\u0301' in m)", .holds, parameters: [("m", .map(.int))], context: ["m": .map(["\u{E9}": .number(1)])])
    }
}

@Suite("The contexts of conditions")
struct ConditionContextTests {
    private let condition: CompiledCondition

    init() throws {
        condition = try CompiledCondition(
            ConditionDefinition(
                name: "limits", parameters: [ConditionParameter(name: "limit", type: .int), ConditionParameter(name: "used", type: .int)],
                expression: "used < limit || limit == 0"))
    }

    @Test("are merged, and the tuple's wins")
    func merging() throws {
        #expect(try condition.evaluate(tuple: ["limit": .number(5)], request: ["used": .number(4)]))
        #expect(try !condition.evaluate(tuple: ["limit": .number(5)], request: ["limit": .number(50), "used": .number(6)]))
        #expect(try condition.evaluate(tuple: [:], request: ["limit": .number(5), "used": .number(4), "other": .bool(true)]))
    }

    @Test("must have every parameter, even those that would not matter")
    func missing() throws {
        #expect(throws: EvaluationFailure.undecidedCondition(name: "limits", reason: "missing context parameters '[limit used]'")) {
            try condition.evaluate(tuple: [:], request: [:])
        }
        let key = TupleKey(
            object: ObjectReference(type: "doc", id: "1"), relation: "viewer", user: .object(ObjectReference(type: "user", id: "anne")))
        #expect(
            throws: EvaluationFailure.undecidedCondition(
                name: "limits", reason: "tuple 'doc:1#viewer@user:anne' is missing context parameters '[used]'")
        ) {
            try condition.evaluate(tuple: ["limit": .number(0)], request: [:], key: key)
        }
    }

    @Test("must fit the parameters' types")
    func types() throws {
        let reason =
            "parameter type error on condition 'limits' - failed to convert context parameter 'used': expected type value 'int64', but found 'bool'"
        #expect(throws: EvaluationFailure.undecidedCondition(name: "limits", reason: reason)) {
            try condition.evaluate(tuple: ["used": .bool(true)], request: ["limit": .number(1), "used": .number(1)])
        }
    }

    @Test("of tuples are looked at when they are written: what they have must fit, what is missing may come with a request")
    func writing() {
        #expect(condition.problem(with: [:]) == nil)
        #expect(condition.problem(with: ["used": .number(1)]) == nil)
        #expect(condition.problem(with: ["used": .number(1), "usd": .number(1), "z": .null]) == "found invalid context parameter: usd")
        #expect(
            condition.problem(with: ["used": .null, "usd": .number(1)])
                == "parameter type error on condition 'limits' - failed to convert context parameter 'used': "
                + "expected type value 'int64', but found '<nil>'")
    }

    @Test("are in vain for a condition without parameters, as OpenFGA says")
    func withoutParameters() throws {
        let condition = try CompiledCondition(ConditionDefinition(name: "always", parameters: [], expression: "true"))
        #expect(try condition.evaluate(tuple: [:], request: [:]))
        let reason = "parameter type error on condition 'always' - no parameters defined for the condition"
        #expect(throws: EvaluationFailure.undecidedCondition(name: "always", reason: reason)) {
            try condition.evaluate(tuple: [:], request: ["a": .null])
        }
        #expect(condition.problem(with: ["a": .null]) == reason)
    }
}
