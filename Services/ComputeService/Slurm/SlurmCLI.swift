import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import Logging
import NIOCore

/// Slurm through its commands on a login node.
struct SlurmCLI: Scheduler {
    /// The most that a query of jobs may print, in bytes: some hundred thousand jobs.
    private static let outputLimit = 256 << 20

    let shell: any RemoteShell
    /// The longest that one command may take.
    let timeout: Duration
    let logger: Logger

    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String {
        let call = SbatchCall(job)
        let result = try await run(call.command, as: user, input: call.input)
        guard result.isSuccess else { throw SlurmRefusal(result) }
        guard let id = SbatchCall.jobID(in: result.standardOutput) else {
            throw APIError(.internalServerError, "sbatch printed no job id", causes: [String(buffer: result.standardError)])
        }
        return id
    }

    func cancel(_ job: JobID, as user: SchedulerUser) async throws {
        let result = try await run(SlurmCommands.cancel(job), as: user)
        switch ScancelOutcome(result) {
        case .cancelled: return
        case .denied: throw Self.foreign(job, RemoteCommandFailure(result).words)
        case .unknownToController: try await requireEnded(job, as: user)
        case .failed: throw SlurmRefusal(result)
        }
    }

    /// The controller forgets ended jobs; only accounting can tell them from jobs that never were.
    private func requireEnded(_ job: JobID, as user: SchedulerUser) async throws {
        guard let known = try await jobs(JobQuery(job: job, allUsers: true), as: user).first else { throw JobID.notFound }
        guard known.user == user.name else { throw Self.foreign(job, "it has ended") }
    }

    private static func foreign(_ job: JobID, _ words: String) -> APIError {
        APIError(.forbidden, "The job \(job.text) belongs to another user: \(words)")
    }

    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]? {
        let result = try await run(SlurmCommands.accounts(of: user.name), as: user)
        guard result.isSuccess else {
            // Who a user is can be told without accounting, too.
            logger.warning("the accounts of a user cannot be read", metadata: Self.facts(result, of: "sacctmgr"))
            return nil
        }
        return SacctmgrOutput.accounts(result.standardOutput)
    }

    func probe(as user: SchedulerUser) async throws -> ProbeAnswer {
        let result = try await run(SlurmCommands.nodeStates(), as: user)
        guard result.isSuccess else { throw SlurmRefusal(result) }
        return ProbeAnswer(nodes: SinfoOutput.availability(result.standardOutput))
    }

    /// Runs a command; one that takes too long ends with what it has printed until then.
    func run(_ command: RemoteCommand, as user: SchedulerUser, input: ByteBuffer? = nil) async throws -> RemoteResult {
        try await shell.run(command, as: user, input: input, outputLimit: Self.outputLimit, timeout: timeout)
    }

    /// What a log entry tells of a command that failed.
    static func facts(_ result: RemoteResult, of program: String) -> Logger.Metadata {
        let failure = RemoteCommandFailure(result)
        return ["program": "\(program)", "status": "\(failure.exitStatus)", "stderr": "\(failure.words)"]
    }
}
