import Synchronization

/// How other threads tell the transfer thread what to do.
final class TransferMailbox: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case cancel(Transfer)
        case resumeReading(Transfer)
        case resumeSending(Transfer)
    }

    enum Phase: Comparable {
        case running
        /// No new transfers; the thread ends after the last one.
        case whenIdle
        /// All transfers are cancelled, then the thread ends.
        case now
        case stopped
    }

    private struct State {
        var commands: [Command] = []
        var phase: Phase
        /// Whether the thread waits, or is about to, and has not been woken.
        var isAsleep = false
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let multi: MultiHandle?
    private let state: Mutex<State>

    /// - Parameter multi: What wakes the thread; without one there is no thread, and the mailbox refuses everything.
    init(waking multi: MultiHandle?) {
        self.multi = multi
        self.state = Mutex(State(phase: multi == nil ? .stopped : .running))
    }

    // MARK: Any thread

    /// - Returns: Whether the thread will see it. A transfer can start only while the client was not shut down.
    @discardableResult
    func post(_ command: Command) -> Bool {
        state.withLock { state in
            guard state.phase < .stopped else { return false }
            if case .start = command, state.phase > .running { return false }
            state.commands.append(command)
            wake(&state)
            return true
        }
    }

    func stop(_ phase: Phase) {
        state.withLock { state in
            guard phase > state.phase else { return }
            state.phase = phase
            wake(&state)
        }
    }

    func stopAndWait() async {
        stop(.now)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isStopped = state.withLock { state in
                if state.phase == .stopped { return true }
                state.stopWaiters.append(continuation)
                return false
            }
            if isStopped { continuation.resume() }
        }
    }

    /// Only within the lock and before `stopped`, so the handle is still there; only when the thread sleeps, because it costs a system call.
    private func wake(_ state: inout State) {
        guard state.isAsleep else { return }
        state.isAsleep = false
        multi?.wakeUp()
    }

    // MARK: The transfer thread

    /// Moves the commands into an empty array, whose memory is used for the next ones.
    func take(_ commands: inout [Command]) -> Phase {
        state.withLock { state in
            state.isAsleep = false
            swap(&state.commands, &commands)
            return state.phase
        }
    }

    /// - Parameter phase: The phase that the thread knows.
    /// - Returns: False if there is something new.
    func fallAsleep(in phase: Phase) -> Bool {
        state.withLock { state in
            state.isAsleep = state.commands.isEmpty && state.phase == phase
            return state.isAsleep
        }
    }

    /// - Returns: False if commands arrived before.
    func close() -> Bool {
        state.withLock { state in
            guard state.commands.isEmpty else { return false }
            state.phase = .stopped
            return true
        }
    }

    func tellStopped() {
        let waiters = state.withLock { state in
            defer { state.stopWaiters = [] }
            return state.stopWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
