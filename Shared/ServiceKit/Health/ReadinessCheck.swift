/// Something that a service needs before it can do its work, such as its database.
public struct ReadinessCheck: Sendable {
    /// What is needed, such as `database`.
    public let name: String
    /// Why it is not there; `nil` when it is. Answers at once, from what is known.
    public let problem: @Sendable () -> String?

    public init(_ name: String, problem: @escaping @Sendable () -> String?) {
        self.name = name
        self.problem = problem
    }
}
