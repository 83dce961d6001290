import DequeModule
import NIOCore
import Synchronization

/// The writes to one file that the server has not confirmed yet.
final class SFTPWrites: Sendable {
    private struct State {
        var writes: Deque<(call: SFTPCall, length: Int)> = []
        /// The length of all of them.
        var underWay = 0
        var window = SFTPWindow()
        var failure: (any Error)?

        mutating func popFirst() -> SFTPCall? {
            guard let (call, length) = writes.popFirst() else { return nil }
            underWay -= length
            return call
        }
    }

    private let state = Mutex(State())

    /// - Parameter length: How many bytes it writes.
    func add(_ call: SFTPCall, of length: Int) {
        state.withLock { state in
            state.writes.append((call, length))
            state.underWay += length
        }
    }

    /// Waits until one write more has room.
    ///
    /// - Throws: The first failure of all writes whose answers are there.
    func makeRoom(among transfers: Int) async throws {
        while let call = try next(where: { $0.underWay >= $0.window.size(among: transfers) || $0.writes.first?.call.isAnswered == true }) {
            try await confirm(call)
        }
    }

    /// Waits for all answers.
    func finish() async throws {
        while let call = try next(where: { _ in true }) { try await confirm(call) }
    }

    private func next(where condition: (State) -> Bool) throws -> SFTPCall? {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return condition(state) ? state.popFirst() : nil
        }
    }

    private func confirm(_ call: SFTPCall) async throws {
        let mustWait = !call.isAnswered
        do {
            try await call.success()
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
        if mustWait { state.withLock { $0.window.waited(since: call.since, until: .now()) } }
    }
}
