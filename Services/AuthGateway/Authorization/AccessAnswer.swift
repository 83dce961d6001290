/// What a policy says to an ``AccessQuestion``.
struct AccessAnswer: Sendable, Equatable {
    enum Verdict: String, Sendable, CaseIterable {
        case allowed
        case denied
        /// Nobody could be asked, or whoever was asked knows no answer.
        case undecided
    }

    let verdict: Verdict
    /// Why, for the log and where it is undecided for the client: without secrets.
    let reason: String
    /// Whether it is the answer to an earlier question.
    var isCached = false
    /// The state of the gateway's own store that it follows from.
    var state: State?

    struct State: Sendable, Equatable {
        let modelID: String
        /// Of the last change that was taken into account.
        let position: Int64
    }

    static func allowed(_ reason: String) -> AccessAnswer { AccessAnswer(verdict: .allowed, reason: reason) }
    static func denied(_ reason: String) -> AccessAnswer { AccessAnswer(verdict: .denied, reason: reason) }
    static func undecided(_ reason: String) -> AccessAnswer { AccessAnswer(verdict: .undecided, reason: reason) }
}
