import FoundationEssentials
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import NIOCore

extension SlurmCLI {
    func nodes(as user: SchedulerUser) async throws -> [NodeModel] {
        ScontrolNodes.nodes(try await output(of: SlurmCommands.nodes(), as: user))
    }

    func partitions(includesHidden: Bool, as user: SchedulerUser) async throws -> [PartitionModel] {
        let output = try await output(of: SlurmCommands.partitions(includesHidden: includesHidden), as: user)
        return ScontrolPartitions.partitions(output, includesHidden: includesHidden)
    }

    func reservations(as user: SchedulerUser) async throws -> [ReservationModel] {
        let output = try await output(of: SlurmCommands.reservations(), as: user)
        return ScontrolReservations.reservations(output, now: Int(Date().timeIntervalSince1970))
    }

    private func output(of command: RemoteCommand, as user: SchedulerUser) async throws -> ByteBuffer {
        let result = try await run(command, as: user)
        guard result.isSuccess else { throw SlurmRefusal(result) }
        return result.standardOutput
    }
}
