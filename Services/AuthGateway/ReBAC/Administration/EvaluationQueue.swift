import Dispatch

/// Where the administration's questions are answered: one after the other, on no thread of those that users' requests are served by.
///
/// A list of objects may compute for seconds. What waits meanwhile has its own deadline.
final class EvaluationQueue: Sendable {
    private let queue = DispatchQueue(label: "administration.evaluation", qos: .utility)

    func run<Answer: Sendable>(_ evaluation: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: evaluation)) }
        }
    }
}
