/// Why a question got no answer. Whoever asks whether something is allowed takes it for a no.
public enum EvaluationFailure: Error, Sendable, Hashable {
    /// The question names a type or relation that the model does not have, or a tuple that it does not allow; with what is wrong.
    case invalidQuestion(String)
    /// The answer needs more than ``EvaluationLimits/depth`` steps from one relation to another.
    case tooDeep
    /// The time was over before the answer was found.
    case timedOut
    /// A condition could not be decided; with its name and why, such as parameters that nobody gave.
    case undecidedCondition(name: String, reason: String)
}

/// How far an evaluation may go.
public struct EvaluationLimits: Sendable {
    /// Steps from one relation to another, as OpenFGA counts them (`resolveNodeLimit`).
    public var depth: Int
    /// When to give up.
    public var deadline: ContinuousClock.Instant

    public init(depth: Int = 25, deadline: ContinuousClock.Instant) {
        self.depth = depth
        self.deadline = deadline
    }
}
