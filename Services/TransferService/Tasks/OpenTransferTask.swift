package import FoundationEssentials

/// What following a task takes that has not ended: little, since there may be thousands.
package struct OpenTransferTask: Sendable, Equatable, Identifiable {
    package let id: UUID
    let username: String
    let state: TransferTaskState
    /// The scheduler's id of the job; unknown in the state `accepted`.
    let jobID: String?
    /// A path on the system.
    let errorLog: String
    /// Whether ``TransferTask/submissionEndsAt`` had passed when the task was leased. A job that a scheduler asked later does not know never was.
    let isSubmissionOver: Bool
}
