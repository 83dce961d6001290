import GoldcrestConfiguration
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

    /// - Throws: ``ConfigurationError`` for a scheduler that this version cannot talk to.
    init(_ clusters: [Cluster], pools: SSHPools, logger: Logger) throws {
        var systems: [String: System] = [:]
        var problems: [ConfigurationError.Problem] = []
        for cluster in clusters {
            guard let pool = pools[cluster.name] else { continue }
            // Hybrid means that the commands do what slurmrestd cannot; they can do everything.
            guard cluster.scheduler.type == .slurm, cluster.scheduler.connectionMode != .rest else {
                problems.append(
                    .init(
                        path: "clusters.\(cluster.name).scheduler",
                        found: "\(cluster.scheduler.type.rawValue) by \(cluster.scheduler.connectionMode.rawValue)",
                        expected: "type slurm with connection_mode ssh or hybrid, which is what this version can talk to"))
                continue
            }
            let scheduler = SlurmCLI(shell: pool, timeout: cluster.scheduler.timeout, logger: logger)
            systems[cluster.name] = System(cluster: cluster, scheduler: scheduler, pool: pool)
        }
        if !problems.isEmpty { throw ConfigurationError(problems: problems) }
        self.systems = systems
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
