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
        _ request: FileTransferRequest, on cluster: Cluster, as caller: InternalClient.Caller, identity: RequestIdentity, logger: Logger
    ) async throws -> (task: TransferTask, jobID: String) {
        guard let workingDirectory = try cluster.defaultWorkDirectory?.path.appending(caller.user) else {
            throw APIError(.notImplemented, "The system \(cluster.name) has no file system with default_work_dir, which transfers need")
        }
        let id = UUID()
        let wanted = TransferRequest(request, id: id, system: cluster.name, username: caller.user, workingDirectory: workingDirectory)
        // Before the source is looked at: the first request may have moved or removed it.
        if let key = wanted.idempotencyKey, let task = try await written({ try await tasks.find(idempotencyKey: key, username: caller.user) }) {
            return (task, try Self.jobID(ofRepeated: task, wanted))
        }
        try await requireSource(of: request.transfer, on: cluster, as: caller, identity: identity)
        switch try await written({ try await tasks.insert(id: id, wanted) }) {
        case .existing(let task): return (task, try Self.jobID(ofRepeated: task, wanted))
        case .inserted(let task):
            let jobID: String
            do {
                jobID = try await submitJob(of: task, request, on: cluster, as: caller, identity: identity)
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

    private static func jobID(ofRepeated task: TransferTask, _ wanted: TransferRequest) throws -> String {
        guard task.request.asksTheSame(as: wanted) else {
            throw APIError(.unprocessableContent, "The Idempotency-Key was used before, for another transfer")
        }
        guard let jobID = task.jobID else {
            throw APIError(.conflict, "The first request with this Idempotency-Key has no job: it is \(task.state.rawValue)")
        }
        return jobID
    }

    /// Missing and unreadable files are told at once, not by a failed job.
    private func requireSource(
        of transfer: FileTransfer, on cluster: Cluster, as caller: InternalClient.Caller, identity: RequestIdentity
    ) async throws {
        func call(_ operation: String, _ query: [(name: String, value: String)]) -> InternalClient.Call {
            .init(
                .get, .filesystem, "/filesystem/\(PercentEncoding.encode(cluster.name))/ops/\(operation)", system: cluster.name,
                query: [("path", "\(transfer.source)")] + query)
        }
        let stat = try await services.call(
            call("stat", [("dereference", "\(transfer.dereferences)")]), as: caller, identity: identity,
            returning: OperationOutput<FileStat>.self
        ).output
        guard transfer.readsSource else { return }
        switch stat.kind {
        case .regular:
            try await services.call(call("head", [("bytes", "1")]), as: caller, identity: identity)
        case .directory:
            do {
                try await services.call(call("ls", []), as: caller, identity: identity)
            } catch let error as APIError where error.status == .contentTooLarge {
                // Long, but readable.
            }
        default: return
        }
    }

    private func submitJob(
        of task: TransferTask, _ request: FileTransferRequest, on cluster: Cluster, as caller: InternalClient.Caller,
        identity: RequestIdentity
    ) async throws -> String {
        let script = TransferJobScript(
            taskID: task.id, scheduler: cluster.scheduler.type, directives: cluster.dataOperation.directives(account: request.account),
            work: request.transfer.work)
        let job: JSONValue = [
            "name": .string(TransferJobScript.jobName(of: task.id)),
            "workingDirectory": .string(task.request.workingDirectory),
            "standardOutput": .string(task.request.outputLog),
            "standardError": .string(task.request.errorLog),
            "script": .string(try script.text()),
            "account": JSONValue(request.account),
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

extension TransferRequest {
    fileprivate init(
        _ request: FileTransferRequest, id: UUID, system: String, username: String, workingDirectory: AbsolutePath
    ) {
        let name = id.uuidString.lowercased()
        self.init(
            system: system, username: username, operation: request.transfer.operation, sourcePath: "\(request.transfer.source)",
            targetPath: request.transfer.target.map { "\($0)" }, dereference: request.transfer.dereferences, account: request.account, workingDirectory: "\(workingDirectory)",
            outputLog: "\(workingDirectory)/.f7t_file_handling_job_\(name).log",
            errorLog: "\(workingDirectory)/.f7t_file_handling_job_error_\(name).log", idempotencyKey: request.idempotencyKey)
    }
}
