package import FoundationEssentials

/// A transfer that a user asked for, from the moment it is accepted.
package struct TransferTask: Sendable, Equatable, Identifiable {
    /// Also in the job's name, comment and log names, by which the job is found after a crash.
    package let id: UUID
    let system: String
    let username: String
    let request: TransferRequest
    /// The request's `Idempotency-Key`.
    let idempotencyKey: String?
    let files: TransferJobFiles
    var state: TransferTaskState
    /// The scheduler's id of the job; it is there once the task was submitted.
    var jobID: String?
    /// What the client was told for its own part: only in a task that is inserted or found by its key, so that its answer can be given (again).
    /// What lets somebody read or write the file is gone from it once it is of no use any more.
    var directives: TransferDirectives?
    /// Until it is cleared away.
    var staged: StagedObject?
    /// Why the task did not succeed, in words for its user.
    var error: String?
    /// What the client was told when the job was refused.
    var refusal: TransferRefusal?
    /// From then on no submission of the job can have an effect any more: what has no job then never gets one, unless it is taken over.
    var submissionEndsAt: Date
    /// How often somebody set out to submit the job.
    var attempts = 1
    let createdAt: Date
    var updatedAt: Date
    var submittedAt: Date?
    /// When the job was first seen running.
    var startedAt: Date?
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

/// What became of a task that was to be written down.
enum TransferTaskInsertion: Sendable, Equatable {
    case inserted(TransferTask)
    /// The user has used the idempotency key before, for this task.
    case existing(TransferTask)

    var task: TransferTask {
        switch self {
        case .inserted(let task), .existing(let task): task
        }
    }
}
