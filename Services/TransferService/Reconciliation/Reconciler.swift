import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestServiceKit
import Logging
import ServiceLifecycle

/// Follows the jobs of open transfers to their ends.
///
/// Any number of replicas may run: each leases rows, so that one looks after a task at a time. A round is made soon after a submission, then ever more
/// rarely; without open tasks the scheduler is left alone, and the database is asked now and then only in case nobody told of a task.
struct Reconciler: Service {
    /// The shortest pause between two rounds, in which the news of many submissions gather.
    private static let shortestPause = Duration.milliseconds(250)
    /// How often is looked for tasks of which nobody told, or which another replica has left behind.
    private static let longestPause = Duration.seconds(30)

    let clusters: [Cluster]
    let tasks: TransferTaskStore
    let services: InternalClient
    let accounts: ServiceAccounts
    let clearing: StagingClearance
    /// Names this replica in leases.
    let owner: String
    let logger: Logger

    private let wakeups: [String: Wakeup]

    init(
        clusters: [Cluster], tasks: TransferTaskStore, services: InternalClient, accounts: ServiceAccounts, clearing: StagingClearance, owner: String,
        logger: Logger
    ) {
        self.clusters = clusters
        self.tasks = tasks
        self.services = services
        self.accounts = accounts
        self.clearing = clearing
        self.owner = owner
        self.logger = logger
        wakeups = Dictionary(clusters.map { ($0.name, Wakeup()) }) { first, _ in first }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for cluster in clusters { group.addTask { await followJobs(on: cluster) } }
                group.addTask { await passOnNews() }
                await group.waitForAll()
            }
        }
    }

    /// Wakes who follows a system when a task of it was accepted, by whichever replica.
    private func passOnNews() async {
        for await news in tasks.openedSystems() {
            switch news {
            case .received(let system): wakeups[system]?.call()
            case .reconnected: for wakeup in wakeups.values { wakeup.call() }
            }
        }
    }

    private func followJobs(on cluster: Cluster) async {
        guard let wakeup = wakeups[cluster.name] else { return }
        var follower = SystemFollower(cluster: cluster, tasks: tasks, services: services, accounts: accounts, owner: owner, logger: logger)
        var trouble = TroubleLog("transfers cannot be followed", metadata: ["system": "\(cluster.name)"], logger: logger)
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                let round = try await follower.round()
                if !follower.isBlind {
                    trouble.succeeded()
                    backoff.reset()
                }
                if round.changed.contains(where: \.state.hasEnded) { clearing.taskEnded(on: cluster.name) }
                try? await Task.sleep(for: Self.shortestPause)
                await wakeup.sleep(atMost: min(round.pause ?? Self.longestPause, Self.longestPause) - Self.shortestPause)
            } catch {
                // An end of the service is no trouble.
                guard !Task.isCancelled else { break }
                trouble.failed(error)
                await follower.release()
                try? await Task.sleep(for: backoff.afterFailure())
            }
        }
        await follower.release()
    }
}
