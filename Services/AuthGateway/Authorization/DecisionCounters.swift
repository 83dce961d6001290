import Metrics

/// How many decisions there were, by who decided and how.
struct DecisionCounters: Sendable {
    private let counters: [AccessAnswer.Verdict: Counter]

    /// - Parameter policy: As in ``AccessDecision/policy``.
    init(policy: String) {
        counters = Dictionary(
            uniqueKeysWithValues: AccessAnswer.Verdict.allCases.map { verdict in
                (verdict, Counter(label: "authorization_decisions_total", dimensions: [("policy", policy), ("decision", verdict.rawValue)]))
            })
    }

    func count(_ verdict: AccessAnswer.Verdict) { counters[verdict]?.increment() }
}
