import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging

/// One request's attempt to get the job of a task submitted that is written down.
struct TransferAttempt: Sendable {
    let tasks: TransferTaskStore
    let services: InternalClient
    let cluster: Cluster
    let caller: InternalClient.Caller
    let identity: RequestIdentity
    let logger: Logger

    typealias Outcome = (task: TransferTask, jobID: String)

    /// After which this attempt can have no effect any more.
    var bound: Duration { TransferSubmission.preparationTime + cluster.submissionBound }

    var files: UserFiles { UserFiles(services: services, cluster: cluster, caller: caller, identity: identity) }

    // MARK: - Repeated requests

    /// Answers a request whose key was used before, for this task.
    func repeated(_ plan: some TransferPlan, _ task: TransferTask) async throws -> Outcome {
        guard task.request == plan.request, task.system == cluster.name else {
            throw APIError(.unprocessableContent, "The Idempotency-Key was used before, for another transfer")
        }
        if let jobID = task.jobID { return (task, jobID) }
        if let refusal = task.refusal { throw refusal.apiError }
        guard task.state == .accepted else {
            throw APIError(.conflict, "The first request with this Idempotency-Key has no job: it is \(task.state.rawValue)")
        }
        let beginning = ContinuousClock.now
        guard let task = try await written({ try await tasks.takeOverSubmission(of: task.id, within: bound) }) else {
            throw APIError(
                .conflict, "The first request with this Idempotency-Key is still being handled; try again in a few seconds",
                headerFields: [.retryAfter: "2"])
        }
        return try await untilItsEnd {
            if let outcome = try await adopted(task) { return outcome }
            return try await submitted(task, since: beginning) {
                var plan = plan
                try await plan.inspect(files)
                return try await plan.prepare(task.id)
            }
        }
    }

    /// The job that an earlier attempt has submitted, if there is one.
    private func adopted(_ task: TransferTask) async throws -> Outcome? {
        let name = TransferJobScript.jobName(of: task.id)
        let jobs: JobsAnswer
        do {
            jobs = try await services.call(
                .init(
                    .get, .compute, "/compute/\(PercentEncoding.encode(cluster.name))/jobs", system: cluster.name,
                    query: [("name", name), ("time_window", "7d")]),
                as: caller, identity: identity)
        } catch {
            // Whoever tries next need not wait for an attempt that did nothing.
            try? await tasks.giveUpSubmission(of: task.id)
            throw error
        }
        guard let job = jobs.jobs.first(where: { $0.name == name && $0.user == caller.user }) else { return nil }
        return (await noted(task, jobID: job.jobId), job.jobId)
    }

    // MARK: - Submission

    /// Gets the job of a task submitted that has just been written down.
    ///
    /// - Parameter beginning: Before it was written down.
    func carryOut(_ plan: some TransferPlan, _ task: TransferTask, since beginning: ContinuousClock.Instant) async throws -> Outcome {
        try await untilItsEnd {
            try await submitted(task, since: beginning) { try await plan.prepare(task.id) }
        }
    }

    /// What is written down is carried out also when the client goes away: if it comes again with its key, the answer is there. Each step has a deadline.
    private func untilItsEnd(_ body: @escaping @Sendable () async throws -> Outcome) async throws -> Outcome {
        try await Task(operation: body).value
    }

    private func submitted(
        _ task: TransferTask, since beginning: ContinuousClock.Instant, _ prepare: () async throws -> PreparedTransfer
    ) async throws -> Outcome {
        let (task, job) = try await prepared(task, since: beginning, prepare)
        let jobID: String
        do {
            jobID = try await services.call(
                .init(.post, .compute, "/compute/\(PercentEncoding.encode(cluster.name))/jobs", system: cluster.name, body: ["job": job]),
                as: caller, identity: identity, returning: JobSubmissionAnswer.self
            ).jobId
        } catch {
            // After silence nobody knows whether there is a job; the reconciler finds out.
            if let refusal = error as? APIError, refusal.leavesNoJob { await fail(task, refusal) }
            throw error
        }
        return (await noted(task, jobID: jobID), jobID)
    }

    /// Does all that comes before the submission. Whatever goes wrong here, there is no job.
    private func prepared(
        _ task: TransferTask, since beginning: ContinuousClock.Instant, _ prepare: () async throws -> PreparedTransfer
    ) async throws -> (TransferTask, job: JSONValue) {
        do {
            var task = task
            let preparation = try await prepare()
            let job = try job(of: task, preparation.work)
            if preparation.directives != nil || preparation.staged != nil {
                try await written {
                    try await tasks.notePreparation(of: task.id, directives: preparation.directives, staged: preparation.staged)
                }
                task.directives = preparation.directives
                task.staged = preparation.staged
            }
            guard ContinuousClock.now - beginning < TransferSubmission.preparationTime else {
                throw APIError(.gatewayTimeout, "The transfer could not be prepared in time; try again")
            }
            return (task, job)
        } catch {
            await fail(task, APIError(telling: error, logger: logger))
            throw error
        }
    }

    private func job(of task: TransferTask, _ work: TransferJobWork) throws -> JSONValue {
        let account = task.request.account
        let script = TransferJobScript(
            taskID: task.id, scheduler: cluster.scheduler.type, directives: cluster.dataOperation.directives(account: account), work: work)
        return [
            "name": .string(TransferJobScript.jobName(of: task.id)),
            "workingDirectory": .string(task.files.workingDirectory),
            "standardOutput": .string(task.files.outputLog),
            "standardError": .string(task.files.errorLog),
            "script": .string(try script.text()),
            "account": JSONValue(account),
        ]
    }

    // MARK: - What is written down

    /// The job is there, whatever becomes of the note about it: what is not written down here, the reconciler finds out.
    private func noted(_ task: TransferTask, jobID: String) async -> TransferTask {
        do {
            return try await tasks.markSubmitted(task.id, jobID: jobID) ?? task
        } catch {
            logger.warning("a submitted transfer is not written down yet", metadata: ["task": "\(task.id)", "job": "\(jobID)", "error": "\(error)"])
            return task
        }
    }

    private func fail(_ task: TransferTask, _ error: APIError) async {
        do {
            _ = try await tasks.fail(task.id, error: error.message, refusal: error.isLasting ? TransferRefusal(error) : nil)
        } catch {
            logger.error("a failed transfer could not be written down", metadata: ["task": "\(task.id)", "error": "\(error)"])
        }
    }

    func written<Result>(_ write: () async throws -> Result) async throws -> Result {
        do {
            return try await write()
        } catch let error as PostgresError {
            throw APIError(.serviceUnavailable, "The transfer cannot be written down: the database does not answer", causes: [error.message])
        }
    }
}

extension APIError {
    /// Whether compute-service says with this that the scheduler certainly did not take the job: not after a timeout (408) or a lost connection (424),
    /// which may come behind the submission.
    fileprivate var leavesNoJob: Bool {
        switch status {
        case .requestTimeout, .failedDependency: false
        case .notImplemented: true
        default: status.kind == .clientError
        }
    }

    /// Whether the same request would be refused again: not for a token that has run out, or too many requests.
    fileprivate var isLasting: Bool {
        leavesNoJob && status != .unauthorized && status != .tooManyRequests
    }
}
