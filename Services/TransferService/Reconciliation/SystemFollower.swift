import FoundationEssentials
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging

/// Follows the jobs of one system's open transfers, one look at a time.
struct SystemFollower {
    private static let lease = Duration.seconds(30)
    private static let batch = 500
    /// How long a job may be missing from the scheduler's lists: longer than a submission may take.
    static let patience = Duration.seconds(120)

    let system: String
    let tasks: any TransferTaskStore
    let services: InternalClient
    let accounts: ServiceAccounts
    /// Names this replica in leases.
    let owner: String
    let logger: Logger
    var now: @Sendable () -> ContinuousClock.Instant = { .now }

    /// The leased tasks, by when they were first looked for in vain; in this process's own time, so that no other machine's clock matters.
    private var missing: [UUID: ContinuousClock.Instant] = [:]
    private var leased: [UUID] = []

    init(
        system: String, tasks: any TransferTaskStore, services: InternalClient, accounts: ServiceAccounts, owner: String, logger: Logger
    ) {
        self.system = system
        self.tasks = tasks
        self.services = services
        self.accounts = accounts
        self.owner = owner
        self.logger = logger
    }

    /// Looks once at the jobs of the open tasks, all in one query.
    mutating func look() async throws {
        let open = try await tasks.leaseOpenTasks(system: system, owner: owner, for: Self.lease, limit: Self.batch)
        leased = open.map(\.id)
        let known = Set(leased)
        missing = missing.filter { known.contains($0.key) }
        guard !open.isEmpty else { return }
        // Waiting and running jobs are always listed; of the ended ones, those of the last hour are few and nearly always enough.
        let jobs = try await jobs(within: "1h")
        var unseen: [TransferTask] = []
        for task in open {
            if let job = jobs.job(of: task) { try await follow(task, job) } else { unseen.append(task) }
        }
        try await giveUp(unseen.filter { isOverdue($0) })
    }

    /// Lets other replicas go on with the tasks at once; also after cancellation.
    func release() async {
        guard !leased.isEmpty else { return }
        await Task { [tasks, leased, owner] in try? await tasks.release(leased, owner: owner) }.value
    }

    private func jobs(within window: String) async throws -> TransferJobs {
        let caller = try await accounts.caller(on: system)
        return try await services.call(
            .init(
                .get, .compute, "/compute/\(PercentEncoding.encode(system))/jobs", system: system,
                query: [("allusers", "true"), ("time_window", window)]),
            as: caller, returning: TransferJobs.self)
    }

    private mutating func follow(_ task: TransferTask, _ job: TransferJobs.Job) async throws {
        missing[task.id] = nil
        if task.state == .accepted { _ = try await tasks.markSubmitted(task.id, jobID: job.jobId) }
        guard let state = TransferTaskState(jobState: job.status.state), state != task.state else { return }
        _ = try await tasks.update(task.id, to: state, error: state == .failed || state == .cancelled ? job.status.failure : nil)
    }

    /// A task without a job: its request may still be running, or the scheduler has not listed the job yet; later than that there is none.
    private mutating func isOverdue(_ task: TransferTask) -> Bool {
        let first = missing[task.id] ?? now()
        missing[task.id] = first
        return now() - first > Self.patience
    }

    /// Ends tasks that have no job, unless it ended so long ago, when nobody followed it, that only a longer history has it.
    private mutating func giveUp(_ overdue: [TransferTask]) async throws {
        guard !overdue.isEmpty else { return }
        let history = try await jobs(within: "7d")
        for task in overdue {
            if let job = history.job(of: task) {
                try await follow(task, job)
                continue
            }
            let reason =
                task.jobID == nil
                ? "The job was never submitted"
                : "The scheduler does not show the job any more, or not to the service account of \(system)"
            logger.warning("a transfer expired", metadata: ["task": "\(task.id)", "system": "\(system)", "reason": "\(reason)"])
            _ = try await tasks.update(task.id, to: .expired, error: reason)
        }
    }
}
