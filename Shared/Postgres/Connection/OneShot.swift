import Synchronization

/// A value that arrives once, from whichever of several sources is first: readiness, a deadline, cancellation.
///
/// Whoever settles it learns whether it was the first, so what it wanted to give away is never lost nor given twice.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case settled(Value)
    }

    private let state = Mutex(State.open)

    /// Gives the value; false when there is one already.
    @discardableResult
    func settle(_ value: Value) -> Bool {
        let (isFirst, continuation): (Bool, CheckedContinuation<Value, Never>?) = state.withLock { state in
            switch state {
            case .open:
                state = .settled(value)
                return (true, nil)
            case .awaited(let continuation):
                state = .settled(value)
                return (true, continuation)
            case .settled:
                return (false, nil)
            }
        }
        continuation?.resume(returning: value)
        return isFirst
    }

    /// Waits for the value. Only one task may wait.
    func value(isolation: isolated (any Actor)? = #isolation) async -> Value {
        await withCheckedContinuation(isolation: isolation) { continuation in
            let early: Value? = state.withLock { state in
                switch state {
                case .open:
                    state = .awaited(continuation)
                    return nil
                case .awaited:
                    preconditionFailure("two tasks wait for one value")
                case .settled(let value):
                    return value
                }
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
