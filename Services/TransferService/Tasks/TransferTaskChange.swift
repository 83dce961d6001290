import FoundationEssentials

/// A step of a task that somebody has seen.
struct TransferTaskChange: Sendable, Equatable {
    var id: UUID
    var state: TransferTaskState
    /// The job, for a task that did not know it yet: it then counts as submitted before it takes the step.
    var jobID: String?
    /// Why, for states that are no success.
    var error: String?
    /// What the client is told that asked for the task.
    var refusal: TransferRefusal?

    init(_ id: UUID, to state: TransferTaskState, jobID: String? = nil, error: String? = nil, refusal: TransferRefusal? = nil) {
        self.id = id
        self.state = state
        self.jobID = jobID
        self.error = error
        self.refusal = refusal
    }
}
