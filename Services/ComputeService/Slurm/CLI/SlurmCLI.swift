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
    let accounting = AccountingPresence()

    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String {
        let call = SbatchCall(job)
        // Limited over there, so that no job comes of it later, even when the connection is lost.
        let result = try await run(call.command.limited(to: timeout), as: user, input: call.input)
        guard result.isSuccess else { throw SlurmRefusal(result) }
        guard let id = SbatchCall.jobID(in: result.standardOutput) else {
            throw APIError(.internalServerError, "sbatch printed no job id", causes: [String(buffer: result.standardError)])
        }
        return id
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
