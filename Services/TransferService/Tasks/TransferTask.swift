import FoundationEssentials

/// What a transfer task does on the system.
enum TransferOperation: String, Codable, Sendable, CaseIterable {
    case mv, cp, rm, compress, extract, upload, download
}

/// A transfer that a user asked for, from the moment it is accepted.
struct TransferTask: Sendable, Equatable, Identifiable {
    /// Also in the job's log names and comment, by which the job is found after a crash.
    let id: UUID
    let request: TransferRequest
    var state: TransferTaskState
    /// The scheduler's id of the job; it is there once the task was submitted.
    var jobID: String?
    /// Why the task did not succeed, in words for its user.
    var error: String?
    let createdAt: Date
    var updatedAt: Date
    var endedAt: Date?
}

/// What a transfer task is to do, as it was accepted.
struct TransferRequest: Sendable, Equatable {
    var system: String
    var username: String
    var operation: TransferOperation
    var sourcePath: String?
    var targetPath: String?
    /// Whether a copy follows symbolic links.
    var dereference = false
    var account: String?
    var workingDirectory: String
    var outputLog: String
    var errorLog: String
    /// The request's `Idempotency-Key`.
    var idempotencyKey: String?

    /// Whether a repetition with the same key asks for the same. The log names carry the task's id and so differ.
    func asksTheSame(as other: TransferRequest) -> Bool {
        system == other.system && username == other.username && operation == other.operation && sourcePath == other.sourcePath
            && targetPath == other.targetPath && dereference == other.dereference && account == other.account
    }
}
