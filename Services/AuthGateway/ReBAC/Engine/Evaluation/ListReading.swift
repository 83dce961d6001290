/// What a listing reads: a snapshot of the tuples with those of the request in it, the model, and values for conditions.
struct ListReading {
    let model: CompiledModel
    let tuples: TupleIndex
    private let context: ConditionContext
    private var deadline: Deadline
    /// The first condition on the way that could not be decided.
    private(set) var failure: EvaluationFailure?

    init(model: CompiledModel, tuples: TupleIndex, context: ConditionContext, deadline: ContinuousClock.Instant) {
        self.model = model
        self.tuples = tuples
        self.context = context
        self.deadline = Deadline(deadline)
    }

    /// Whether the time is over; to be asked for each small step.
    mutating func isOver() -> Bool {
        do { try deadline.step() } catch { return true }
        return false
    }

    /// Whether a tuple fits the model and its condition holds. If that cannot be decided it does not count, and the reason is kept.
    mutating func counts(_ tuple: IndexedTuple, as kind: AssignableKind) -> Bool {
        let condition = tuples.condition(of: tuple)
        guard model.fits(condition, of: kind) else { return false }
        guard let condition, let compiled = model.conditions[condition.name] else { return condition == nil }
        do throws(EvaluationFailure) {
            return try compiled.evaluate(tuple: condition.context, request: context, key: tuples.key(of: tuple))
        } catch {
            failure = failure ?? error
            return false
        }
    }
}
