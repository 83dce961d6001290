import Synchronization

/// Whether a site keeps accounting, as far as its commands have told.
///
/// A site without it is not asked again with every query, only from time to time: a configuration may change.
final class AccountingPresence: Sendable {
    /// How long a site that said it has none is believed.
    static let memory = Duration.seconds(600)

    private struct State {
        var isTold = false
        var absentUntil: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Whether accounting should be asked.
    func isExpected(now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { $0.absentUntil.map { now >= $0 } ?? true }
    }

    /// Remembers that there is none.
    ///
    /// - Returns: Whether this is the first time that it turned out so, and the log should tell.
    func noteMissing(now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            defer { state.isTold = true }
            state.absentUntil = now + Self.memory
            return !state.isTold
        }
    }
}
