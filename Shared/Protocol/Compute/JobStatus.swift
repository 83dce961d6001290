/// How a job or one of its steps stands.
public struct JobStatus: Codable, Sendable, Equatable {
    /// The base state, such as `PENDING`, `RUNNING`, `COMPLETED`, `FAILED`, `CANCELLED`, `TIMEOUT`.
    public var state: String
    @Nullable public var stateReason: String?
    @Nullable public var exitCode: Int?
    /// The signal that ended it, if one did.
    @Nullable public var interruptSignal: Int?

    public init(state: String, stateReason: String?, exitCode: Int?, interruptSignal: Int?) {
        self.state = state
        self.stateReason = stateReason
        self.exitCode = exitCode
        self.interruptSignal = interruptSignal
    }
}
