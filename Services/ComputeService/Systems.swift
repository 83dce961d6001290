import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Logging

/// The systems that this service works on, each with its scheduler.
struct Systems: Sendable {
    struct System: Sendable {
        let cluster: Cluster
        let scheduler: any Scheduler
        let pool: SSHPool
    }

    private let systems: [String: System]

    init(_ clusters: [Cluster], pools: SSHPools, client: HTTPClient, logger: Logger) {
        systems = clusters.reduce(into: [:]) { systems, cluster in
            guard let pool = pools[cluster.name] else { return }
            let scheduler = Self.scheduler(of: cluster, pool: pool, client: client, logger: logger)
            systems[cluster.name] = System(cluster: cluster, scheduler: scheduler, pool: pool)
        }
    }

    private static func scheduler(of cluster: Cluster, pool: SSHPool, client: HTTPClient, logger: Logger) -> any Scheduler {
        let timeout = cluster.scheduler.timeout
        if cluster.scheduler.type == .pbs { return OpenPBS(shell: pool, timeout: timeout, logger: logger) }
        let commands = SlurmCLI(shell: pool, timeout: timeout, logger: logger)
        guard cluster.scheduler.connectionMode != .ssh, let url = cluster.scheduler.apiURL else { return commands }
        let rest = SlurmREST(client: client, url: url, version: cluster.scheduler.apiVersion ?? "0.0.42", timeout: timeout, logger: logger)
        return cluster.scheduler.connectionMode == .hybrid ? HybridSlurm(rest: rest, commands: commands) : rest
    }

    /// - Throws: ``APIError`` with status 404 if the system is not configured here.
    func system(of context: CallerRequestContext) throws -> System {
        guard let system = systems[context.call.system] else { throw APIError(.notFound, "System not found") }
        return system
    }
}

extension CallerRequestContext {
    /// The user for whom a scheduler is asked.
    var schedulerUser: SchedulerUser { SchedulerUser(name: call.user, token: token) }

    /// A reading for that user.
    func read(_ subject: SchedulerRead.Subject) -> SchedulerRead {
        SchedulerRead(system: call.system, user: call.user, subject: subject)
    }
}
