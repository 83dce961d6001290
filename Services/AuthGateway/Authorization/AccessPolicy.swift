/// Answers whether users may use systems.
protocol AccessPolicy: Sendable {
    /// As logs and metrics call it.
    var name: String { get }

    /// - Parameter principal: Whom the question is about; for policies that ask in the user's own name.
    func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer
}
