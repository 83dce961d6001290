/// JSON that is none, is cut off, or is larger than anybody can need.
struct MalformedJSON: Error, Sendable, Equatable {
    /// What is wrong, without any of the text.
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }

    static let truncated = MalformedJSON("it ends too early")
}
