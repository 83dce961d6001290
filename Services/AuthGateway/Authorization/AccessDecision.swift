import GoldcrestProtocol
import GoldcrestServiceKit
import Logging
import ReBAC

/// What was decided about a request, and why: what the log keeps of it.
struct AccessDecision: Sendable {
    /// Who decided: a policy's name, or `scopes`.
    let policy: String
    let answer: AccessAnswer
    /// What was asked; absent where it was not even possible to ask, or not needed.
    var question: AccessQuestion?
    /// What the client is told instead of being served: 403 for a no, 401 where it could not be decided.
    var refusal: APIError?
    /// How long it took.
    let duration: Duration

    /// What claims and paths are cut to, in characters: they come from outside.
    private static let maximumLength = 256

    /// Adds what the request's line in the log tells of it.
    func add(to fields: inout Logger.Metadata, about principal: Principal) {
        fields["authorization.decision"] = "\(answer.verdict.rawValue)"
        fields["authorization.policy"] = "\(policy)"
        fields["authorization.reason"] = "\(answer.reason)"
        fields["authorization.ms"] = "\(duration.milliseconds)"
        if let client = principal.clientID { fields["client.id"] = "\(client.prefix(Self.maximumLength))" }
        if let key = question?.key {
            fields["authorization.user"] = "\(key.user)"
            fields["authorization.relation"] = "\(key.relation)"
            fields["authorization.object"] = "\(key.object)"
        }
        if answer.isCached { fields["authorization.cached"] = "true" }
        if let state = answer.state {
            fields["authorization.model"] = "\(state.modelID)"
            fields["authorization.position"] = "\(state.position)"
        }
    }
}
