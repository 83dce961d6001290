import FoundationEssentials

/// A transfer that a user asked for, from the moment it is accepted.
struct TransferTask: Sendable, Equatable, Identifiable {
    /// Also in the job's log names and comment, by which the job is found after a crash.
    let id: UUID
    let system: String
    let username: String
    let request: TransferRequest
    /// The request's `Idempotency-Key`.
    let idempotencyKey: String?
    let files: TransferJobFiles
    var state: TransferTaskState
    /// The scheduler's id of the job; it is there once the task was submitted.
    var jobID: String?
    /// What the client was told for its own part.
    var directives: TransferDirectives?
    /// Until it is cleared away.
    var staged: StagedObject?
    /// Why the task did not succeed, in words for its user.
    var error: String?
    let createdAt: Date
    var updatedAt: Date
    var endedAt: Date?
}

/// Where a job runs and writes its logs: paths on the system.
struct TransferJobFiles: Sendable, Equatable {
    var workingDirectory: String
    var outputLog: String
    var errorLog: String
}

/// A task that is not written down yet.
struct NewTransferTask: Sendable {
    var id: UUID
    var system: String
    var username: String
    var request: TransferRequest
    var idempotencyKey: String?
    var files: TransferJobFiles
    /// Where the file will lie in between.
    var staged: StagedObject?
}
