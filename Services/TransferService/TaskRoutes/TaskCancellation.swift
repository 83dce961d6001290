import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// Ends a task because its user wants that: its job is cancelled with the user's own rights.
struct TaskCancellation: Sendable {
    /// How long a submission that is under way is waited for.
    private static let submissionTime = Duration.seconds(10)
    private static let reason = "The transfer was cancelled by its user"

    let tasks: TransferTaskStore
    let services: InternalClient
    let clearing: StagingClearance

    /// Returns when the task has ended, in whichever way: the database decides among all who tell of an end.
    ///
    /// - Throws: ``APIError`` if the job cannot be cancelled, so that the task goes on.
    func cancel(_ task: TransferTask, on cluster: Cluster, as caller: InternalClient.Caller, identity: RequestIdentity) async throws {
        let task = try await submitted(task)
        guard !task.state.hasEnded, let jobID = task.jobID else { return }
        let end = try await end(ofJob: jobID, of: task, as: caller, identity: identity)
        let changed = try await tasks.apply([end], keepingDownloadsFor: cluster.timeToFetch)
        if !changed.isEmpty { clearing.taskEnded(on: cluster.name) }
    }

    /// The task once it has a job or an end. A job that is being submitted cannot be called back; it can be cancelled when it is there.
    private func submitted(_ task: TransferTask) async throws -> TransferTask {
        let deadline = ContinuousClock.now + Self.submissionTime
        var task = task
        while task.state == .accepted {
            guard ContinuousClock.now < deadline else {
                throw APIError(
                    .conflict, "The transfer's job is just being submitted; it can be cancelled when that is over", headerFields: [.retryAfter: "15"])
            }
            try await Task.sleep(for: .milliseconds(100))
            guard let current = try await tasks.find(task.id, username: task.username) else { throw TaskController.notFound }
            task = current
        }
        return task
    }

    /// Cancels a job and tells how it has ended: it may have been over before.
    private func end(
        ofJob id: String, of task: TransferTask, as caller: InternalClient.Caller, identity: RequestIdentity
    ) async throws -> TransferTaskChange {
        let path = "/compute/\(PercentEncoding.encode(task.system))/jobs/\(PercentEncoding.encode(id))"
        do {
            try await services.call(.init(.delete, .compute, path, system: task.system), as: caller, identity: identity)
        } catch let error as APIError where error.status == .notFound {
            // The scheduler has forgotten it.
        }
        // From here on the job is cancelled or over. If nobody tells which, it is cancelled.
        let jobs = try? await TransferJobs(
            .init(.get, .compute, path, system: task.system), by: services, as: caller, identity: identity, deadline: .seconds(10))
        guard let job = jobs?.job(of: task), let state = TransferTaskState(jobState: job.status.state), state == .succeeded || state == .failed else {
            return TransferTaskChange(task.id, to: .cancelled, error: Self.reason)
        }
        return TransferTaskChange(task.id, to: state, error: job.status.failure(as: state, errorLog: task.files.errorLog))
    }
}
