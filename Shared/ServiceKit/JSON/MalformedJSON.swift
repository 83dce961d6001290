/// JSON that is none, is cut off, or is larger than anybody can need.
package struct MalformedJSON: Error, Sendable, Equatable {
    /// What is wrong, without any of the text.
    package let problem: String

    package init(_ problem: String) {
        self.problem = problem
    }

    package static let truncated = MalformedJSON("it ends too early")
}
