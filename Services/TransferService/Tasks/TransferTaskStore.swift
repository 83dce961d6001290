import FoundationEssentials

/// Where transfer tasks are kept.
protocol TransferTaskStore: Sendable {
    /// Writes a task down in the state `accepted`, unless its user has already used the idempotency key: then that earlier task is the answer.
    func insert(_ task: NewTransferTask) async throws -> TransferTaskInsertion

    /// The task for which a user has used an idempotency key.
    func find(idempotencyKey: String, username: String) async throws -> TransferTask?

    /// Keeps what was made for the job and the client before the job is submitted.
    func notePreparation(of id: UUID, directives: TransferDirectives?, staged: StagedObject?) async throws

    /// The scheduler took the job.
    ///
    /// - Returns: The task as it is now; `nil` when it is not in the state `accepted` (any more).
    func markSubmitted(_ id: UUID, jobID: String) async throws -> TransferTask?

    /// Follows what the job does.
    ///
    /// - Parameter error: Why, for states that are no success.
    /// - Returns: The task as it is now; `nil` when nothing changed, since the task is unknown or the step not one of ``TransferTaskState/canBecome(_:)``.
    func update(_ id: UUID, to state: TransferTaskState, error: String?) async throws -> TransferTask?

    /// A user's task; `nil` when it does not exist or is another user's.
    func find(_ id: UUID, username: String) async throws -> TransferTask?

    /// A user's tasks on a system, the newest first.
    func list(username: String, system: String, limit: Int) async throws -> [TransferTask]

    /// Reserves tasks that have not ended, so that no other replica follows them meanwhile; those that waited longest come first.
    /// What the owner holds already is renewed and comes again. A lease that was not renewed ends by itself, so a crash strands nothing.
    func leaseOpenTasks(system: String, owner: String, for duration: Duration, limit: Int) async throws -> [TransferTask]

    /// Gives up leases before their time.
    func release(_ ids: [UUID], owner: String) async throws
}

extension TransferTaskStore {
    /// Ends a task without success.
    func fail(_ id: UUID, error: String) async throws -> TransferTask? {
        try await update(id, to: .failed, error: error)
    }
}

/// What became of a task that was to be written down.
enum TransferTaskInsertion: Sendable, Equatable {
    case inserted(TransferTask)
    /// The user has used the idempotency key before, for this task.
    case existing(TransferTask)

    var task: TransferTask {
        switch self {
        case .inserted(let task), .existing(let task): task
        }
    }
}
