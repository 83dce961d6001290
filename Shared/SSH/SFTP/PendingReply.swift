import Synchronization

/// A value that arrives once, before or after somebody waits for it. One task at most waits, once.
final class PendingReply<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
    }

    private let state = Mutex(State.open)

    /// The value, or the reason why there is none, once it is there.
    var result: Result<Value, any Error>? {
        state.withLock { if case .finished(let result) = $0 { result } else { nil } }
    }

    var isFinished: Bool { result != nil }

    /// - Returns: Whether the result is the first, and so the one that counts.
    @discardableResult
    func finish(_ result: Result<Value, any Error>) -> Bool {
        let (isFirst, continuation) = state.withLock { state -> (Bool, CheckedContinuation<Value, any Error>?) in
            switch state {
            case .finished: return (false, nil)
            case .open:
                state = .finished(result)
                return (true, nil)
            case .awaited(let continuation):
                state = .finished(result)
                return (true, continuation)
            }
        }
        continuation?.resume(with: result)
        return isFirst
    }

    /// Waits for the value. A cancelled task takes what is there already and waits for nothing else, after which a value counts as late.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Value, any Error>? in
                    if case .finished(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            finish(.failure(CancellationError()))
        }
    }
}
