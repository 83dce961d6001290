import ReBAC
import Testing

/// What becomes of a condition.
enum Outcome: Sendable, Hashable, CustomTestStringConvertible {
    case holds, fails
    /// With a part of the reason.
    case undecided(String)
    /// When the model is loaded; with a part of the reason, before which stand line and column.
    case refused(String)

    var testDescription: String {
        switch self {
        case .holds: "holds"
        case .fails: "does not hold"
        case .undecided(let reason): "is undecided: \(reason)"
        case .refused(let reason): "is refused: \(reason)"
        }
    }
}

extension ConditionParameterType {
    static let standard: [(name: String, type: ConditionParameterType)] = [
        ("s", .string), ("i", .int), ("u", .uint), ("d", .double), ("b", .bool), ("t", .timestamp), ("span", .duration), ("ip", .ipaddress),
        ("any", .any), ("names", .list(.string)), ("numbers", .list(.int)), ("ages", .map(.int)), ("things", .map(.any)),
    ]
}

/// Parameters of every type, each with a value.
let standardContext: ConditionContext = [
    "s": .string("héllo"), "i": .number(7), "u": .number(9), "d": .number(2.5), "b": .bool(true), "t": .string("2024-02-29T23:30:15.25Z"),
    "span": .string("90m"), "ip": .string("192.168.1.7"), "any": .number(3), "names": .list([.string("anne"), .string("bob")]),
    "numbers": .list([.number(1), .number(2), .number(3)]), "ages": .map(["anne": .number(41), "bob": .number(17)]),
    "things": .map(["flag": .bool(true), "list": .list([.number(1), .string("two")]), "nothing": .null]),
]

/// Expects the outcome of an expression over the parameters that it names of ``standardContext`` and of `context`.
func expect(
    _ expression: String, _ outcome: Outcome, parameters: [(name: String, type: ConditionParameterType)] = ConditionParameterType.standard,
    context: ConditionContext = standardContext, sourceLocation: SourceLocation = #_sourceLocation
) {
    let definition = ConditionDefinition(
        name: "c", parameters: parameters.map { ConditionParameter(name: $0.name, type: $0.type) }, expression: expression)
    let found: Outcome
    do throws(ModelProblem) {
        let condition = try CompiledCondition(definition)
        do throws(EvaluationFailure) {
            found = try condition.evaluate(tuple: context, request: [:]) ? .holds : .fails
        } catch {
            guard case .undecidedCondition("c", let reason) = error else {
                Issue.record("\(expression): \(error)", sourceLocation: sourceLocation)
                return
            }
            found = .undecided(reason)
        }
    } catch {
        let prefix = "failed to compile expression on condition 'c' - "
        #expect(error.reason.hasPrefix(prefix) && error.position == nil, sourceLocation: sourceLocation)
        let problem = error.reason.dropFirst(prefix.count)
        let place = "ERROR: c:"
        let isPlaced = problem.hasPrefix(place)
        found = .refused(isPlaced ? problem.dropFirst(place.count).split(separator: ": ", maxSplits: 1).joined(separator: " ") : "\(problem)")
    }
    switch (outcome, found) {
    case (.undecided(let expected), .undecided(let reason)), (.refused(let expected), .refused(let reason)):
        #expect(reason.contains(expected), "\(expression)", sourceLocation: sourceLocation)
    default: #expect(found == outcome, "\(expression)", sourceLocation: sourceLocation)
    }
}
