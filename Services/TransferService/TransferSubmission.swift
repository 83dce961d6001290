import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging

/// Writes a transfer down, hands it to the scheduler, and writes down what became of that: in this order, so that a crash loses nothing.
struct TransferSubmission: Sendable {
    let tasks: any TransferTaskStore
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
        // Before the source is looked at: the first request may have moved or removed it.
        if let idempotencyKey, let task = try await written({ try await tasks.find(idempotencyKey: idempotencyKey, username: caller.user) }) {
            return (task, try Self.jobID(ofRepeated: task, plan.request, on: cluster))
        }
        var plan = plan
        try await plan.inspect(UserFiles(services: services, cluster: cluster, caller: caller, identity: identity))
        let id = UUID()
        let wanted = NewTransferTask(
            id: id, system: cluster.name, username: caller.user, request: plan.request, idempotencyKey: idempotencyKey,
            files: TransferJobFiles(of: id, in: workingDirectory), staged: plan.stagedObject(of: id))
        switch try await written({ try await tasks.insert(wanted) }) {
        case .existing(let task): return (task, try Self.jobID(ofRepeated: task, plan.request, on: cluster))
        case .inserted(var task):
            let jobID: String
            do {
                let prepared = try await plan.prepare(task.id)
                if prepared.directives != nil || prepared.staged != nil {
                    try await written { try await tasks.notePreparation(of: id, directives: prepared.directives, staged: prepared.staged) }
                    task.directives = prepared.directives
                    task.staged = prepared.staged
                }
                jobID = try await submitJob(of: task, prepared.work, on: cluster, as: caller, identity: identity)
            } catch {
                await writeDown(error, of: task, logger)
                throw error
            }
            return (await submitted(task, jobID: jobID, logger), jobID)
        }
    }

    /// The job is there, whatever becomes of the note about it: what is not written down here, the reconciler finds out.
    private func submitted(_ task: TransferTask, jobID: String, _ logger: Logger) async -> TransferTask {
        do {
            return try await tasks.markSubmitted(task.id, jobID: jobID) ?? task
        } catch {
            logger.warning("a submitted transfer is not written down yet", metadata: ["task": "\(task.id)", "job": "\(jobID)", "error": "\(error)"])
            return task
        }
    }

    private static func jobID(ofRepeated task: TransferTask, _ wanted: TransferRequest, on cluster: Cluster) throws -> String {
        guard task.request == wanted, task.system == cluster.name else {
            throw APIError(.unprocessableContent, "The Idempotency-Key was used before, for another transfer")
        }
        guard let jobID = task.jobID else {
            throw APIError(.conflict, "The first request with this Idempotency-Key has no job: it is \(task.state.rawValue)")
        }
        return jobID
    }

    private func submitJob(
        of task: TransferTask, _ work: TransferJobWork, on cluster: Cluster, as caller: InternalClient.Caller, identity: RequestIdentity
    ) async throws -> String {
        let account = task.request.account
        let script = TransferJobScript(
            taskID: task.id, scheduler: cluster.scheduler.type, directives: cluster.dataOperation.directives(account: account), work: work)
        let job: JSONValue = [
            "name": .string(TransferJobScript.jobName(of: task.id)),
            "workingDirectory": .string(task.files.workingDirectory),
            "standardOutput": .string(task.files.outputLog),
            "standardError": .string(task.files.errorLog),
            "script": .string(try script.text()),
            "account": JSONValue(account),
        ]
        let system = PercentEncoding.encode(cluster.name)
        return try await services.call(
            .init(.post, .compute, "/compute/\(system)/jobs", system: cluster.name, body: ["job": job]),
            as: caller, identity: identity, returning: JobSubmissionAnswer.self
        ).jobId
    }

    /// After a refusal there is no job, so the task has failed. After silence or a cancelled request nobody knows; the reconciler finds out.
    private func writeDown(_ error: any Error, of task: TransferTask, _ logger: Logger) async {
        guard let refusal = error as? APIError, refusal.isRefusal else { return }
        do {
            _ = try await tasks.fail(task.id, error: refusal.message)
        } catch {
            logger.error("a failed transfer could not be written down", metadata: ["task": "\(task.id)", "error": "\(error)"])
        }
    }

    private func written<Result>(_ write: () async throws -> Result) async throws -> Result {
        do {
            return try await write()
        } catch let error as PostgresError {
            throw APIError(.serviceUnavailable, "The transfer cannot be written down: the database does not answer", causes: [error.message])
        }
    }
}

extension APIError {
    /// Whether the scheduler certainly did not take the job: not after a timeout (408) or a lost connection (424), which may come behind the submission.
    fileprivate var isRefusal: Bool {
        switch status {
        case .requestTimeout, .failedDependency: false
        case .notImplemented: true
        default: status.kind == .clientError
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
