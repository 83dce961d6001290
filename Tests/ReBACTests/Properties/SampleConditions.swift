import ReBAC

/// The conditions that random models use, with what they mean written a second time in Swift.
enum SampleConditions {
    static let all = [
        ConditionDefinition(name: "open", parameters: [ConditionParameter(name: "x", type: .bool)], expression: "x"),
        ConditionDefinition(name: "large", parameters: [ConditionParameter(name: "n", type: .int)], expression: "n > 10"),
        ConditionDefinition(
            name: "both", parameters: [ConditionParameter(name: "x", type: .bool), ConditionParameter(name: "n", type: .int)],
            expression: "x && n < 20"),
    ]

    /// Nil: parameters are missing, so that nobody can tell. The tuple's values win, as in OpenFGA.
    static func holds(_ condition: TupleCondition, context: ConditionContext) -> Bool? {
        let values = context.merging(condition.context) { $1 }
        switch condition.name {
        case "open": return values["x"].map { $0 == .bool(true) }
        case "large": return number(values["n"]).map { $0 > 10 }
        case "both":
            guard let x = values["x"], let n = number(values["n"]) else { return nil }
            return x == .bool(true) && n < 20
        default: return nil
        }
    }

    private static func number(_ value: ContextValue?) -> Double? {
        if case .number(let number) = value { number } else { nil }
    }
}
