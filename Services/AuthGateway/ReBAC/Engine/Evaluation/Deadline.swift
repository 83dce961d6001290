/// When to give up. It looks at the clock only now and then, as that takes longer than most steps.
struct Deadline {
    private let instant: ContinuousClock.Instant
    private var steps = 0

    init(_ instant: ContinuousClock.Instant) { self.instant = instant }

    /// To be called for each small step.
    ///
    /// - Throws: `timedOut`, once the time is over.
    mutating func step() throws(EvaluationFailure) {
        defer { steps &+= 1 }
        if steps % 256 == 0, ContinuousClock.now >= instant { throw .timedOut }
    }
}
