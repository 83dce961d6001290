import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

extension OpenPBS {
    /// The commands have no filter for what a query asks beside ids: it is applied to what they print.
    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        let jobs = try await known(as: user, areSeveral: query.ids.count > 1) { PBSCommands.jobs(query.ids, withHistory: $0) }
        return jobs.filter { $0.answers(query, of: user.name) }.map(\.model)
    }

    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        let jobs = try await known(as: user, areSeveral: false) { PBSCommands.job(job, withHistory: $0) }
        guard !jobs.isEmpty else { throw JobID.notFound }
        return jobs.map(\.metadata)
    }

    /// The jobs that a command prints; those among them that the server does not know are left out.
    ///
    /// - Parameters:
    ///   - areSeveral: Whether more than one job is asked for.
    ///   - command: Makes the command, with ended jobs or without.
    private func known(as user: SchedulerUser, areSeveral: Bool, _ command: (_ withHistory: Bool) -> RemoteCommand) async throws -> [PBSJob] {
        var result = try await attempt(command(true), as: user)
        if !result.isSuccess, PBSRefusal(result).isWithoutHistory {
            result = try await attempt(command(false), as: user)
        }
        guard result.isSuccess || PBSRefusal(result).isOfJobsOnly(areSeveral: areSeveral) else { throw PBSRefusal(result) }
        return PBSJob.jobs(result.standardOutput)
    }

    func cancel(_ job: JobID, as user: SchedulerUser) async throws {
        let result = try await attempt(PBSCommands.cancel(job), as: user)
        guard !result.isSuccess else { return }
        let refusal = PBSRefusal(result)
        guard refusal.isEnded else { throw refusal }
        // qdel says so of anybody's job.
        guard let known = try await jobs(JobQuery(job), as: user).first else { throw JobID.notFound }
        guard known.user == user.name else { throw APIError(.forbidden, "The job \(job.text) belongs to another user, and has ended") }
    }

    /// Holds and releases are those that a user may set and lift; requeueing is for operators, unless the site allows it to others.
    func change(_ job: JobID, by change: JobChange, as user: SchedulerUser) async throws {
        _ = try await run(PBSCommands.change(job, by: change), as: user)
    }
}
