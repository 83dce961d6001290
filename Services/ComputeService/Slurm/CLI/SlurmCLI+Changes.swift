import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

extension SlurmCLI {
    func cancel(_ job: JobID, as user: SchedulerUser) async throws {
        let result = try await run(SlurmCommands.cancel(job), as: user)
        switch ScancelOutcome(result) {
        case .cancelled: return
        case .denied: throw Self.foreign(job, RemoteCommandFailure(result).words)
        case .unknownToController:
            guard try await ended(job, as: user).user == user.name else { throw Self.foreign(job, "it has ended") }
        case .failed: throw SlurmRefusal(result)
        }
    }

    private static func foreign(_ job: JobID, _ words: String) -> APIError {
        APIError(.forbidden, "The job \(job.text) belongs to another user: \(words)")
    }

    func change(_ job: JobID, by change: JobChange, as user: SchedulerUser) async throws {
        let result = try await run(SlurmCommands.change(job, by: change), as: user)
        guard !result.isSuccess else { return }
        guard SlurmWords(RemoteCommandFailure(result).words).tellOfUnknownJob else { throw SlurmRefusal(result) }
        throw Self.hasEnded(try await ended(job, as: user))
    }

    /// A job that the controller does not know any more. It forgets ended jobs; only accounting can tell them from jobs that never were.
    ///
    /// - Throws: ``JobID/notFound`` if accounting doesn't know the job either.
    private func ended(_ job: JobID, as user: SchedulerUser) async throws -> JobModel {
        guard let known = try await jobs(JobQuery(job), as: user).first else { throw JobID.notFound }
        return known
    }

    private static func hasEnded(_ job: JobModel) -> APIError {
        APIError(.conflict, "The job \(job.jobId) has ended: \(job.status.state)")
    }

    func attach(_ command: String, to job: JobID, as user: SchedulerUser) async throws {
        let call = SrunCall(command, beside: try await running(job, as: user), patience: timeout / 2)
        let result = try await run(call.command, as: user)
        guard result.isSuccess else { throw call.failure(result) }
    }

    /// The one running job that an id names, with the number by which srun knows it.
    private func running(_ job: JobID, as user: SchedulerUser) async throws -> ScontrolJob {
        let result = try await run(SlurmCommands.details(of: job), as: user)
        guard result.isSuccess || SlurmWords(RemoteCommandFailure(result).words).tellOfUnknownJob else { throw SlurmRefusal(result) }
        let known = result.isSuccess ? ScontrolJob.jobs(result.standardOutput).filter { job.matches($0.id) } : []
        let running = known.filter { $0.state.base != "PENDING" && !$0.state.isFinal }
        if let first = running.first {
            // Of a heterogeneous job the first part is meant, as srun does.
            guard running.count == 1 || first.component != nil else {
                let ids = running.prefix(10).map(\.id).joined(separator: ", ")
                throw APIError(.badRequest, "The job \(job.text) has several tasks that run: \(ids). Attach to one of them.")
            }
            return running.first { $0.component?.offset == "0" } ?? first
        }
        if let waiting = known.first(where: { $0.state.base == "PENDING" }) {
            throw APIError(.conflict, "The job \(waiting.id) is pending: \(waiting.reason ?? "None")")
        }
        if let first = known.first { throw APIError(.conflict, "The job \(first.id) has ended: \(first.state.base)") }
        throw Self.hasEnded(try await ended(job, as: user))
    }
}
