/// Answers questions about one state of a store: a model and tuples that do not change meanwhile.
///
/// Making one costs next to nothing, so each request may have its own. It does no I/O, looks at no clock but for the deadline, and can be used by
/// any number of tasks.
public struct Evaluator: Sendable {
    public let model: CompiledModel
    public let tuples: TupleIndex

    public init(model: CompiledModel, tuples: TupleIndex) {
        self.model = model
        self.tuples = tuples
    }

    /// Whether a user has a relation to an object, as OpenFGA's Check answers it.
    ///
    /// - Parameters:
    ///   - contextualTuples: Hold for this question as if the store had them; one takes the place of the store's with the same key.
    ///   - context: Values for the parameters of conditions. Those that a tuple brings along win.
    /// - Throws: ``EvaluationFailure``, where no answer was found; which is a no.
    public func check(
        _ key: TupleKey, contextualTuples: [RelationshipTuple] = [], context: ConditionContext = [:], limits: EvaluationLimits
    ) throws(EvaluationFailure) -> Bool {
        let tuples = try tuples(adding: contextualTuples)
        guard let relation = model.relation(key.relation, of: key.object.type),
            let user = AskedUser(key.user, on: key.object, model: model, tuples: tuples)
        else { throw .invalidQuestion("\(model.rules.problem(asking: key) ?? .notAllowed("the model does not have what is asked for"))") }
        var check = Check(of: user, model: model, tuples: tuples, context: context, limits: limits)
        return try check.answer(to: Question(object: tuples.name(key.object.id), relation: relation))
    }

    /// - Returns: The tuples together with those that a question brings along, each of which must fit the model.
    func tuples(adding contextualTuples: [RelationshipTuple]) throws(EvaluationFailure) -> TupleIndex {
        var tuples = tuples
        for tuple in contextualTuples {
            if let problem = model.rules.problem(with: tuple) { throw .invalidQuestion(problem.message(about: tuple)) }
            tuples.insert(tuple)
        }
        return tuples
    }
}
