import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// The routes by which users look after their own transfers.
///
/// No health check stands before them: what became of a transfer can be read while the system is down, and what can be cancelled shows the attempt.
struct TaskController: Sendable {
    /// The answer to an id that is none, unknown, of another system, or another user's: they are not told apart.
    static let notFound = APIError(.notFound, "Task not found")

    let clusters: [String: Cluster]
    let tasks: TransferTaskStore
    let progress: ProgressSource
    let cancellation: TaskCancellation
    let changes: TaskChanges
    let disconnects: ClientDisconnects
    private let listeners = TaskListenerLimit()

    init(
        clusters: [String: Cluster], tasks: TransferTaskStore, progress: ProgressSource, cancellation: TaskCancellation, changes: TaskChanges,
        disconnects: ClientDisconnects
    ) {
        self.clusters = clusters
        self.tasks = tasks
        self.progress = progress
        self.cancellation = cancellation
        self.changes = changes
        self.disconnects = disconnects
    }

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/transfer/tasks", context: CallerRequestContext.self)
        group.get(use: list)
        group.get(":task_id", use: show)
        group.delete(":task_id", use: cancel)
        group.get(":task_id/events", use: follow)
    }

    @Sendable private func list(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let cluster = try cluster(of: context)
        let listing = try TransferTaskListing(try QueryFields(of: request), of: context.call.user, on: cluster.name)
        // One more tells whether there is a next page.
        var further = listing
        further.limit += 1
        let found = try await read { try await tasks.list(further) }
        let page = found.prefix(listing.limit)
        let cursor = found.count > page.count ? page.last.map { TransferTaskCursor(after: $0).text } : nil
        return try .json(TasksAnswer(tasks: page.map { TaskAnswer(task: $0) }, nextCursor: cursor))
    }

    @Sendable private func show(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let task = try await task(of: context)
        let progress = await progress.progress(of: task, as: context.caller, identity: context.identity)
        return try .json(TaskAnswer(task: task, progress: progress))
    }

    @Sendable private func cancel(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let task = try await task(of: context)
        let cluster = try cluster(of: context)
        try await read { try await cancellation.cancel(task, on: cluster, as: context.caller, identity: context.identity) }
        return Response(status: .noContent)
    }

    @Sendable private func follow(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        // Before the task is read, so that no change in between is missed.
        let (id, cluster) = (try taskID(of: context), try cluster(of: context))
        let subscription = changes.subscription(to: id)
        let task = try await find(id, on: cluster, context)
        // Browsers connect again whenever an answer ends, unless they are told not to (WHATWG HTML, section 9.2.3).
        if task.state.hasEnded, request.headers[.lastEventID] == TaskEvents.id(of: task) { return Response(status: .noContent) }
        let place = try listeners.place(for: context.call.user)
        let events = TaskEvents(
            task: task, tasks: tasks, changes: subscription,
            progress: { [progress, caller = context.caller, identity = context.identity] in
                await progress.progress(of: $0, as: caller, identity: identity)
            })
        return TaskEventsAnswer(events: events, place: place).response(on: context.channel, disconnects: disconnects)
    }

    // MARK: - What a request is about

    private func cluster(of context: CallerRequestContext) throws -> Cluster {
        guard let cluster = clusters[context.call.system] else { throw APIError(.notFound, "System not found") }
        return cluster
    }

    private func taskID(of context: CallerRequestContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.pathParameter("task_id")) else { throw Self.notFound }
        return id
    }

    private func task(of context: CallerRequestContext) async throws -> TransferTask {
        try await find(try taskID(of: context), on: try cluster(of: context), context)
    }

    private func find(_ id: UUID, on cluster: Cluster, _ context: CallerRequestContext) async throws -> TransferTask {
        let task = try await read { try await tasks.find(id, username: context.call.user) }
        guard let task, task.system == cluster.name else { throw Self.notFound }
        return task
    }

    private func read<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError {
            throw APIError(.serviceUnavailable, "The transfers cannot be read: the database does not answer", causes: [error.message])
        }
    }
}

extension CallerRequestContext {
    fileprivate var caller: InternalClient.Caller { InternalClient.Caller(user: call.user, token: token) }
}
