/// What every question says beside what it asks.
struct QuestionScope: Sendable {
    enum Consistency: Sendable {
        /// What this process knows, which is behind the other gateways' writes by less than a second.
        case minimizeLatency
        /// What has been written anywhere until now.
        case higherConsistency
    }

    /// `nil`: the store's newest model.
    let modelID: String?
    let consistency: Consistency

    init(_ fields: MessageFields) throws(OpenFGAError) {
        let id = try fields.text("authorization_model_id", .identifier, isOptional: true)
        modelID = id.isEmpty ? nil : id
        consistency = try fields.choice(
            "consistency",
            [("UNSPECIFIED", 0, .minimizeLatency), ("MINIMIZE_LATENCY", 100, .minimizeLatency), ("HIGHER_CONSISTENCY", 200, .higherConsistency)],
            default: .minimizeLatency)
    }
}
