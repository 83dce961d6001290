/// A condition of a model, ready to be decided.
public struct CompiledCondition: Sendable {
    public let definition: ConditionDefinition
    private let expression: CELProgram

    /// - Throws: ``ModelProblem`` when the expression cannot be understood, uses what conditions do not offer, is not of type bool, or is too large.
    ///   Its reason tells, as OpenFGA's, the line and column within the expression; where the model says it, it does not know.
    public init(_ definition: ConditionDefinition) throws(ModelProblem) {
        self.definition = definition
        guard Set(definition.parameters.map(\.name)).count == definition.parameters.count else {
            throw ModelProblem("condition '\(definition.name)' declares a parameter twice")
        }
        do throws(CELProblem) {
            expression = try CELProgram(definition.expression, parameters: definition.parameters)
        } catch {
            let place = error.place(in: definition.expression).map { "ERROR: \(definition.name):\($0.line):\($0.column): " } ?? ""
            throw ModelProblem("failed to compile expression on condition '\(definition.name)' - \(place)\(error.reason)")
        }
    }

    /// Decides the condition. Where both contexts have a parameter the tuple's value wins, as in OpenFGA.
    ///
    /// As in OpenFGA every parameter that the definition declares must be given, whether or not the outcome depends on it,
    /// and what the contexts hold beyond the parameters does not matter.
    /// - Parameter key: of the tuple that carries the condition, for the reason of a failure.
    /// - Throws: ``EvaluationFailure/undecidedCondition(name:reason:)`` when a parameter is missing or not of its type, and when the expression
    ///   has no value or costs too much. The reasons are OpenFGA's.
    public func evaluate(tuple: ConditionContext, request: ConditionContext, key: TupleKey? = nil) throws(EvaluationFailure) -> Bool {
        let arguments = try arguments(tuple: tuple, request: request, key: key)
        do throws(CELError) {
            return try expression.evaluate(arguments)
        } catch {
            throw undecided("failed to evaluate condition expression: \(error.reason)")
        }
    }

    /// What is wrong with the context of a tuple that is to be written under this condition, in OpenFGA's words; nil if nothing is.
    /// Parameters may be missing: a request can bring them.
    public func problem(with context: ConditionContext) -> String? {
        guard !context.isEmpty else { return nil }
        guard !definition.parameters.isEmpty else { return noParameters }
        for parameter in definition.parameters {
            guard let value = context[parameter.name], let problem = parameter.type.problem(with: value) else { continue }
            return castProblem(parameter, problem)
        }
        let names = Set(definition.parameters.map(\.name))
        return context.keys.filter { !names.contains($0) }.min().map { "found invalid context parameter: \($0)" }
    }

    /// The parameters' values in the order of their declaration.
    private func arguments(tuple: ConditionContext, request: ConditionContext, key: TupleKey?) throws(EvaluationFailure) -> [CELValue] {
        if definition.parameters.isEmpty, !tuple.isEmpty || !request.isEmpty { throw undecided(noParameters) }
        var arguments: [CELValue] = []
        arguments.reserveCapacity(definition.parameters.count)
        var missing: [String] = []
        for parameter in definition.parameters {
            guard let value = tuple[parameter.name] ?? request[parameter.name] else {
                missing.append(parameter.name)
                continue
            }
            do throws(ConditionParameterType.CastFailure) {
                arguments.append(try parameter.type.cast(value))
            } catch {
                throw undecided(castProblem(parameter, error.reason))
            }
        }
        guard missing.isEmpty else {
            let subject = key.map { "tuple '\($0)' is " } ?? ""
            throw undecided("\(subject)missing context parameters '[\(missing.joined(separator: " "))]'")
        }
        return arguments
    }

    private func castProblem(_ parameter: ConditionParameter, _ reason: String) -> String {
        "parameter type error on condition '\(definition.name)' - failed to convert context parameter '\(parameter.name)': \(reason)"
    }

    private var noParameters: String { "parameter type error on condition '\(definition.name)' - no parameters defined for the condition" }

    private func undecided(_ reason: String) -> EvaluationFailure {
        .undecidedCondition(name: definition.name, reason: reason)
    }
}
