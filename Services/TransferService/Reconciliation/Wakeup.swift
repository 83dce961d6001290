import Synchronization

/// Lets one task sleep until a time or until somebody wakes it. A call that comes before the sleep ends it at once; more than one count as one.
final class Wakeup: Sendable {
    private struct State {
        var isCalled = false
        var sleeper: CheckedContinuation<Void, Never>?

        mutating func takeSleeper() -> CheckedContinuation<Void, Never>? {
            defer { sleeper = nil }
            return sleeper
        }
    }

    private let state = Mutex(State())

    func call() {
        let sleeper = state.withLock { state in
            let sleeper = state.takeSleeper()
            state.isCalled = sleeper == nil
            return sleeper
        }
        sleeper?.resume()
    }

    /// Ends also when the task is cancelled.
    func sleep(atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.untilCalled() }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func untilCalled() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { sleeper in
                let isOver = state.withLock { state in
                    // Who cancels finds the sleeper here, or is seen here.
                    if state.isCalled || Task.isCancelled {
                        state.isCalled = false
                        return true
                    }
                    state.sleeper = sleeper
                    return false
                }
                if isOver { sleeper.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeSleeper() }?.resume()
        }
    }
}
