import FoundationEssentials

/// A transfer that was asked for, on its way to a job.
protocol TransferPlan: Sendable {
    var request: TransferRequest { get }

    /// Looks at the user's files, so that a missing or unreadable one is told at once and not by a failed job. Nothing has been written down yet.
    mutating func inspect(_ files: UserFiles) async throws

    /// Where the file will lie in between, if it does; written down with the task, so that what a crash leaves can be found.
    func stagedObject(of taskID: UUID) -> StagedObject?

    /// Makes what the job and the client need. The task has been written down.
    func prepare(_ taskID: UUID) async throws -> PreparedTransfer
}

/// A transfer that is ready to be submitted.
struct PreparedTransfer: Sendable {
    var work: TransferJobWork
    var directives: TransferDirectives?
    var staged: StagedObject?
}

extension TransferPlan {
    func stagedObject(of taskID: UUID) -> StagedObject? { nil }
}
