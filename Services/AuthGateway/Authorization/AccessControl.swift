import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// Decides whether a request may be sent: by the scopes of its token, then by asking a policy about its user and system.
struct AccessControl: Sendable {
    private let requiredScopes: [APIRoute.Permission: [String]]
    private let checks: [APIRoute.Permission: Authorization.Check]
    private let policy: (any AccessPolicy)?
    private let scopeCounters = DecisionCounters(policy: Self.scopes)
    private let policyCounters: DecisionCounters?

    /// What decides where no policy is asked.
    private static let scopes = "scopes"

    /// - Parameters:
    ///   - checks: The relation and the type of object to ask for; what is not in here is the usual one.
    ///   - policy: Absent: every user may use every system.
    init(requiredScopes: [APIRoute.Permission: [String]], checks: [APIRoute.Permission: Authorization.Check], policy: (any AccessPolicy)?) {
        self.requiredScopes = requiredScopes
        self.checks = checks
        self.policy = policy
        policyCounters = policy.map { DecisionCounters(policy: $0.name) }
    }

    /// - Returns: `nil` where there is nothing to decide.
    func decide(_ principal: Principal, for match: RouteTable.Match) async -> AccessDecision? {
        let start = ContinuousClock.now
        if let decision = decideByScopes(principal, match, since: start) {
            scopeCounters.count(decision.answer.verdict)
            return decision
        }
        guard let policy, let system = match.system else { return nil }
        let decision = await ask(policy, about: principal, on: system, checks[match.route.permission] ?? Authorization.Check(), since: start)
        policyCounters?.count(decision.answer.verdict)
        return decision
    }

    /// - Returns: `nil` where that alone decides nothing.
    private func decideByScopes(_ principal: Principal, _ match: RouteTable.Match, since start: ContinuousClock.Instant) -> AccessDecision? {
        let required = requiredScopes[match.route.permission, default: []]
        let missing = required.filter { !principal.scopes.contains($0) }
        guard missing.isEmpty else {
            let words = "The token lacks the scope \(missing.joined(separator: ", "))"
            return AccessDecision(
                policy: Self.scopes, answer: .denied(words), refusal: APIError(.forbidden, words), duration: start.duration(to: .now))
        }
        guard !required.isEmpty, policy == nil || match.system == nil else { return nil }
        return AccessDecision(policy: Self.scopes, answer: .allowed("the token has the scopes"), duration: start.duration(to: .now))
    }

    private func ask(
        _ policy: any AccessPolicy, about principal: Principal, on system: String, _ check: Authorization.Check,
        since start: ContinuousClock.Instant
    ) async -> AccessDecision {
        let refused = "\(principal.username) may not use the system \(system)"
        do throws(UnusableClaim) {
            let question = try AccessQuestion(about: principal.subject.get(), on: system, check)
            let answer = await policy.answer(question, from: principal)
            return AccessDecision(
                policy: policy.name, answer: answer, question: question, refusal: Self.refusal(answer, refused),
                duration: start.duration(to: .now))
        } catch {
            return AccessDecision(
                policy: policy.name, answer: .denied(error.reason), refusal: APIError(.forbidden, refused, causes: [error.reason]),
                duration: start.duration(to: .now))
        }
    }

    private static func refusal(_ answer: AccessAnswer, _ denied: String) -> APIError? {
        switch answer.verdict {
        case .allowed: nil
        case .denied: APIError(.forbidden, denied)
        case .undecided: APIError(.unauthorized, "The authorization service cannot be asked", causes: [answer.reason])
        }
    }
}
