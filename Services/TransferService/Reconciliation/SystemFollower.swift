import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging

/// Follows the jobs of one system's open transfers, one round at a time.
struct SystemFollower: Sendable {
    /// Much longer than the pause between two rounds, so that it does not end while the work goes on.
    static let lease = Duration.seconds(45)
    /// How long a submitted job may be unknown to the scheduler before its task is given up.
    static let patience = Duration.seconds(120)
    private static let mostTasks = 10_000
    private static let queryDeadline = Duration.seconds(20)

    let cluster: Cluster
    let tasks: TransferTaskStore
    let services: InternalClient
    let accounts: ServiceAccounts
    /// Names this replica in leases.
    let owner: String
    let logger: Logger
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    private let metrics: ReconciliationMetrics
    /// Whether the jobs could not be seen the last time they were looked at.
    private(set) var isBlind = false
    /// The tasks that this replica holds.
    private var followed: [UUID: FollowedTask] = [:]

    init(cluster: Cluster, tasks: TransferTaskStore, services: InternalClient, accounts: ServiceAccounts, owner: String, logger: Logger) {
        self.cluster = cluster
        self.tasks = tasks
        self.services = services
        self.accounts = accounts
        self.owner = owner
        self.logger = logger
        metrics = ReconciliationMetrics(system: cluster.name)
    }

    /// What a round has brought.
    struct Round: Sendable {
        /// The tasks that are others than before.
        var changed: [TransferTask] = []
        /// How long until the next round is due; `nil` while there is nothing to follow.
        var pause: Duration?
    }

    /// Takes what tasks are free, and looks at those jobs whose time has come, all in one query.
    mutating func round() async throws -> Round {
        let start = ContinuousClock.now
        let isTrial = isBlind
        // While the jobs cannot be seen from here, one task is enough to try with: another replica may see them.
        let limit = isTrial ? 1 : Self.mostTasks
        remember(try await tasks.leaseOpenTasks(system: cluster.name, owner: owner, for: Self.lease, limit: limit))
        var round = Round()
        let due = isTrial ? Array(followed.values) : dueTasks()
        if !due.isEmpty {
            isBlind = true
            let jobs = try await jobs(query(for: due))
            isBlind = false
            round.changed = try await write(changes(by: jobs, lookedFor: due))
            metrics.record(.now - start)
        }
        metrics.record(followed: followed.count)
        let now = now()
        round.pause = isTrial && !isBlind ? .zero : followed.values.map { $0.nextRound(at: now) }.min().map { max($0 - now, .zero) }
        return round
    }

    /// Lets other replicas go on with the tasks at once; also after cancellation.
    mutating func release() async {
        guard !followed.isEmpty else { return }
        let ids = Array(followed.keys)
        followed = [:]
        await Task { [tasks, owner] in try? await tasks.release(ids, owner: owner) }.value
    }

    private mutating func remember(_ open: [OpenTransferTask]) {
        let now = now()
        followed = open.reduce(into: [:]) { known, task in
            var entry = followed[task.id] ?? FollowedTask(task, at: now)
            entry.update(task, at: now)
            known[task.id] = entry
        }
    }

    // MARK: - Looking at jobs

    /// Those without a job's id by themselves, since only the list of all jobs has them; otherwise as many as one query takes, the longest overdue
    /// first.
    private func dueTasks() -> [FollowedTask] {
        let now = now()
        let due = followed.values.filter { $0.nextLook <= now }
        let unknown = due.filter { $0.task.jobID == nil }
        guard unknown.isEmpty else { return unknown }
        return Array(due.sorted { $0.nextLook < $1.nextLook }.prefix(JobsQuery.mostIDs))
    }

    private func query(for due: [FollowedTask]) -> JobsQuery {
        let ids = due.compactMap(\.task.jobID)
        guard ids.isEmpty else { return .ids(ids) }
        // Before a task is given up, also those jobs are looked through that ended while nobody followed them.
        return .all(endedWithin: due.contains(where: \.task.isSubmissionOver) ? .week : .hour)
    }

    private func jobs(_ query: JobsQuery) async throws -> TransferJobs {
        let caller = try await accounts.caller(on: cluster.name)
        return try await TransferJobs(
            .init(.get, .compute, "/compute/\(PercentEncoding.encode(cluster.name))/jobs", system: cluster.name, query: query.parameters),
            by: services, as: caller, deadline: Self.queryDeadline)
    }

    // MARK: - What became of the tasks

    /// A list of all jobs tells of more than were looked for.
    private mutating func changes(by jobs: TransferJobs, lookedFor: [FollowedTask]) -> [TransferTaskChange] {
        let now = now()
        let lookedFor = Set(lookedFor.map(\.task.id))
        var changes: [TransferTaskChange] = []
        for (id, entry) in followed {
            if let job = jobs.job(of: entry.task) {
                followed[id]?.sawJob(at: now)
                if let change = entry.task.change(by: job) { changes.append(change) }
            } else if lookedFor.contains(id) {
                followed[id]?.missedJob(at: now)
                if let change = followed[id]?.abandonment(at: now, on: cluster.name) { changes.append(change) }
            }
        }
        return changes
    }

    private mutating func write(_ changes: [TransferTaskChange]) async throws -> [TransferTask] {
        guard !changes.isEmpty else { return [] }
        let changed = try await tasks.apply(changes, keepingDownloadsFor: cluster.timeToFetch)
        let now = now()
        for task in changed {
            if task.state.hasEnded { followed[task.id] = nil } else { followed[task.id]?.moved(to: task, at: now) }
            guard task.state == .expired || task.state == .failed && task.jobID == nil else { continue }
            logger.warning(
                "a transfer was given up", metadata: ["task": "\(task.id)", "system": "\(cluster.name)", "reason": "\(task.error ?? "")"])
        }
        return changed
    }
}

extension FollowedTask {
    /// The end of a task whose job is nowhere to be found, when it is time for that.
    func abandonment(at now: ContinuousClock.Instant, on system: String) -> TransferTaskChange? {
        guard task.jobID != nil else {
            guard task.isSubmissionOver else { return nil }
            return TransferTaskChange(task.id, to: .failed, error: "The job was never submitted; ask for the transfer again")
        }
        guard let missingSince, now - missingSince > SystemFollower.patience else { return nil }
        return TransferTaskChange(
            task.id, to: .expired,
            error: "The scheduler does not know the job any more, or does not show it to the service account of \(system), so nobody can tell how it ended")
    }
}
