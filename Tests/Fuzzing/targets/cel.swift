/// An expression, a zero byte and a context as JSON. Whatever they are, loading and deciding end soon, and twice alike.
func fuzzExpressions(_ input: FuzzingInput) {
    let fields = input.fields
    let expression = String(decoding: fields[0], as: UTF8.self)
    let context = (try? ConditionContext(json: fields.count > 1 ? fields[1] : [])) ?? defaultContext
    checkText(of: context)
    checkPattern(expression)
    guard let condition = try? CompiledCondition(ConditionDefinition(name: "c", parameters: parameters, expression: expression)) else { return }
    let merged = defaultContext.merging(context) { $1 }
    require(outcome(of: condition, in: merged) == outcome(of: condition, in: merged), "the same condition is decided in two ways")
}

private func outcome(of condition: CompiledCondition, in context: ConditionContext) -> Result<Bool, EvaluationFailure> {
    do throws(EvaluationFailure) {
        return .success(try condition.evaluate(tuple: context, request: [:]))
    } catch {
        return .failure(error)
    }
}

/// A context is the same after it was written and read.
private func checkText(of context: ConditionContext) {
    let text = context.json()
    require((try? ConditionContext(json: text)) == context, "the context is another after it was written and read")
}

/// Patterns come from requests as well, as long as their cost allows.
private func checkPattern(_ text: String) {
    guard text.utf8.count <= 400, let pattern = try? RegularExpression(text) else { return }
    _ = pattern.matches(text)
    _ = pattern.matches(String(repeating: "a", count: 400) + "!")
}

private let types: [(String, ConditionParameterType)] = [
    ("s", .string), ("i", .int), ("u", .uint), ("d", .double), ("b", .bool), ("t", .timestamp), ("span", .duration), ("ip", .ipaddress),
    ("any", .any), ("names", .list(.string)), ("numbers", .list(.int)), ("ages", .map(.int)), ("things", .map(.any)),
]
private let parameters = types.map { ConditionParameter(name: $0.0, type: $0.1) }

private let defaultContext: ConditionContext = [
    "s": .string("héllo"), "i": .number(7), "u": .number(9), "d": .number(2.5), "b": .bool(true), "t": .string("2024-02-29T23:30:15.25Z"),
    "span": .string("90m"), "ip": .string("192.168.1.7"), "any": .number(3), "names": .list([.string("anne"), .string("bob")]),
    "numbers": .list([.number(1), .number(2), .number(3)]), "ages": .map(["anne": .number(41), "bob": .number(17)]),
    "things": .map(["flag": .bool(true), "list": .list([.number(1), .string("two")]), "nothing": .null]),
]
