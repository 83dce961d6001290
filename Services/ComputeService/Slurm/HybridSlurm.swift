import GoldcrestProtocol
import HTTPTypes

/// Slurm through slurmrestd, and through its commands for what slurmrestd cannot do or would do otherwise than `sbatch` and its kin.
struct HybridSlurm: Scheduler {
    let rest: SlurmREST
    let commands: SlurmCLI

    /// slurmrestd does not read a script's `#SBATCH` lines, nor a script that is a file on the system.
    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String {
        try await commands.submit(job, as: user)
    }

    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        try await rest.jobs(query, as: user)
    }

    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        try await commands.metadata(of: job, as: user)
    }

    func cancel(_ job: JobID, as user: SchedulerUser) async throws {
        do {
            try await rest.cancel(job, as: user)
        } catch let error as APIError where error.status == .notImplemented {
            // Older slurmrestd cannot cancel a single task of an array.
            try await commands.cancel(job, as: user)
        }
    }

    func attach(_ command: String, to job: JobID, as user: SchedulerUser) async throws {
        try await commands.attach(command, to: job, as: user)
    }

    func change(_ job: JobID, by change: JobChange, as user: SchedulerUser) async throws {
        try await commands.change(job, by: change, as: user)
    }

    func nodes(as user: SchedulerUser) async throws -> [NodeModel] {
        try await rest.nodes(as: user)
    }

    func partitions(includesHidden: Bool, as user: SchedulerUser) async throws -> [PartitionModel] {
        try await rest.partitions(includesHidden: includesHidden, as: user)
    }

    func reservations(as user: SchedulerUser) async throws -> [ReservationModel] {
        try await rest.reservations(as: user)
    }

    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]? {
        try await rest.accounts(of: user)
    }

    func probe(as user: SchedulerUser) async throws -> ProbeAnswer {
        try await rest.probe(as: user)
    }
}
