import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging

/// Writes a transfer down, hands it to the scheduler, and writes down what became of that: in this order, so that a crash loses nothing.
///
/// A request with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) is one with every other of its user that has this key:
/// - The first was answered, or refused for what it asks: so is the repeated one, in the same words. Only what has ended with the task is
///   missing in the answer, such as presigned URLs.
/// - The first is being handled: 409, and when to try again.
/// - The first ended without a word, killed or cut off, before it was known whether there is a job: the repeated one adopts the job, or
///   submits it if there certainly is none.
/// - The first failed without a job for reasons that may have passed: the key is free, and the repeated request is a first one.
/// - It asks for something else than the first: 422.
struct TransferSubmission: Sendable {
    /// How long all may take that comes before the submission of the job, once the task is written down.
    static let preparationTime = Duration.seconds(30)

    let tasks: TransferTaskStore
    let services: InternalClient

    /// - Returns: The task and the id of its job.
    /// - Throws: ``APIError`` if the source is not there or the scheduler refuses the job; the task is then written down as failed.
    func submit(
        _ plan: some TransferPlan, idempotencyKey: String?, on cluster: Cluster, as caller: InternalClient.Caller, identity: RequestIdentity,
        logger: Logger
    ) async throws -> (task: TransferTask, jobID: String) {
        guard let workingDirectory = try cluster.defaultWorkDirectory?.path.appending(caller.user) else {
            throw APIError(.notImplemented, "The system \(cluster.name) has no file system with default_work_dir, which transfers need")
        }
        let attempt = TransferAttempt(
            tasks: tasks, services: services, cluster: cluster, caller: caller, identity: identity, logger: logger)
        // Before the source is looked at: the first request may have moved or removed it.
        if let idempotencyKey, let task = try await attempt.written({ try await tasks.find(idempotencyKey: idempotencyKey, username: caller.user) }) {
            return try await attempt.repeated(plan, task)
        }
        var plan = plan
        try await plan.inspect(attempt.files)
        let id = UUID()
        let new = NewTransferTask(
            id: id, system: cluster.name, username: caller.user, request: plan.request, idempotencyKey: idempotencyKey,
            files: TransferJobFiles(of: id, in: workingDirectory), staged: plan.stagedObject(of: id))
        let beginning = ContinuousClock.now
        switch try await attempt.written({ try await tasks.insert(new, submissionWithin: attempt.bound) }) {
        case .existing(let task): return try await attempt.repeated(plan, task)
        case .inserted(let task): return try await attempt.carryOut(plan, task, since: beginning)
        }
    }
}

extension TransferJobFiles {
    fileprivate init(of taskID: UUID, in directory: AbsolutePath) {
        let name = taskID.uuidString.lowercased()
        self.init(
            workingDirectory: "\(directory)", outputLog: "\(directory)/.f7t_file_handling_job_\(name).log",
            errorLog: "\(directory)/.f7t_file_handling_job_error_\(name).log")
    }
}
