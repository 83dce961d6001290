import GoldcrestConfiguration
import GoldcrestServiceKit
import Logging
import ServiceLifecycle

/// Follows the jobs of open transfers to their ends.
///
/// Any number of replicas may run: each leases rows, so that one looks after a task at a time.
struct Reconciler: Service {
    private static let interval = Duration.seconds(5)

    let clusters: [Cluster]
    let tasks: any TransferTaskStore
    let services: InternalClient
    let accounts: ServiceAccounts
    /// Names this replica in leases.
    let owner: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for cluster in clusters { group.addTask { await followJobs(on: cluster.name) } }
                await group.waitForAll()
            }
        }
    }

    private func followJobs(on system: String) async {
        var follower = SystemFollower(
            system: system, tasks: tasks, services: services, accounts: accounts, owner: owner, logger: logger)
        var complaint = ""
        while !Task.isCancelled {
            do {
                try await follower.look()
                complaint = ""
            } catch {
                // The same trouble is logged once, not every few seconds; an end of the service is none.
                if complaint != "\(error)" && !Task.isCancelled {
                    logger.warning("transfers cannot be followed", metadata: ["system": "\(system)", "error": "\(error)"])
                }
                complaint = "\(error)"
            }
            try? await Task.sleep(for: Self.interval)
        }
        await follower.release()
    }
}
