import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import Logging
import NIOCore

/// OpenPBS through its commands on a login node.
struct OpenPBS: Scheduler {
    /// The most that a query may print, in bytes: some hundred thousand jobs.
    private static let outputLimit = 256 << 20

    let shell: any RemoteShell
    /// The longest that one command may take.
    let timeout: Duration
    let logger: Logger

    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String {
        let call = try QsubCall(job)
        // Limited over there, so that no job comes of it later, even when the connection is lost.
        let output = try await run(call.command.limited(to: timeout), as: user, input: call.input)
        guard let id = QsubCall.jobID(in: output) else { throw APIError(.internalServerError, "qsub printed no job id") }
        return id
    }

    func attach(_ command: String, to job: JobID, as user: SchedulerUser) async throws {
        throw APIError(.notImplemented, "OpenPBS cannot run a command beside a job: its pbs_attach works only on the job's own nodes")
    }

    func nodes(as user: SchedulerUser) async throws -> [NodeModel] {
        PBSNode.nodes(try await run(PBSCommands.nodes(), as: user))
    }

    func partitions(includesHidden: Bool, as user: SchedulerUser) async throws -> [PartitionModel] {
        PBSQueue.partitions(try await run(PBSCommands.queues(), as: user), includesHidden: includesHidden)
    }

    func reservations(as user: SchedulerUser) async throws -> [ReservationModel] {
        PBSReservation.reservations(try await run(PBSCommands.reservations(), as: user))
    }

    /// OpenPBS has none: any user may name any project.
    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]? { nil }

    func probe(as user: SchedulerUser) async throws -> ProbeAnswer {
        let marker = OutputMarker.random()
        let result = try await attempt(.sequence([PBSCommands.server(), PBSCommands.nodes()], separatedBy: marker), as: user)
        // With the time used up there are fewer parts.
        let parts = result.parts(separatedBy: marker)
        guard parts.count == 2, parts.allSatisfy(\.isSuccess) else { throw PBSRefusal(parts.first { !$0.isSuccess } ?? result) }
        let state = PBSDocument(parts[0].standardOutput, section: "Server").entries.first?.attributes["server_state"]
        guard let state, !state.hasPrefix("Terminating") else {
            throw APIError(.serviceUnavailable, "The OpenPBS server is \(state ?? "in no state that it tells")")
        }
        return ProbeAnswer(message: state == "Active" ? nil : "The OpenPBS server is \(state)", nodes: PBSNode.availability(parts[1].standardOutput))
    }

    /// Runs a command to its success.
    ///
    /// - Throws: ``PBSRefusal`` if it ends in another way.
    func run(_ command: RemoteCommand, as user: SchedulerUser, input: ByteBuffer? = nil) async throws -> ByteBuffer {
        let result = try await attempt(command, as: user, input: input)
        guard result.isSuccess else { throw PBSRefusal(result) }
        return result.standardOutput
    }

    /// Runs a command to whichever end.
    func attempt(_ command: RemoteCommand, as user: SchedulerUser, input: ByteBuffer? = nil) async throws -> RemoteResult {
        try await shell.run(command, as: user, input: input, outputLimit: Self.outputLimit, timeout: timeout)
    }
}
