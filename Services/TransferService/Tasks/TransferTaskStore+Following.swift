import FoundationEssentials
import GoldcrestPostgres

extension TransferTaskStore {
    /// Is notified of the system when a task is inserted.
    static let openedChannel = "goldcrest_transfer_opened"
    /// Is notified of the id when a task changes its state.
    static let changedChannel = "goldcrest_transfer_changed"

    /// The systems of new tasks, as they come; `reconnected` says that some may have been missed.
    func openedSystems() -> AsyncStream<PostgresNotification> { pool.notifications(on: Self.openedChannel) }

    /// The ids of tasks whose state changes; `reconnected` says that some may have been missed.
    func changedTasks() -> AsyncStream<PostgresNotification> { pool.notifications(on: Self.changedChannel) }

    /// Reserves tasks that have not ended, so that no other replica follows them meanwhile; the oldest come first.
    ///
    /// What the owner holds already comes again, and its leases are renewed when half of their time is over: a round in between writes nothing.
    /// A lease that was not renewed ends by itself, so a crash strands nothing. A task that ends loses its lease.
    ///
    /// - Parameter limit: The most tasks that the owner may hold on the system.
    package func leaseOpenTasks(system: String, owner: String, for duration: Duration, limit: Int) async throws -> [OpenTransferTask] {
        let seconds = duration / .seconds(1)
        return try await pool.query(
            """
            WITH held AS (
                SELECT \(fragment: Self.openColumns) FROM transfer_tasks
                WHERE system = \(system) AND ended_at IS NULL AND lease_owner = \(owner)
                    AND lease_expires_at > now() + make_interval(secs => \(seconds / 2))
                ORDER BY created_at LIMIT \(limit)
            ), candidates AS (
                SELECT id AS candidate FROM transfer_tasks
                WHERE system = \(system) AND ended_at IS NULL
                    AND (
                        lease_expires_at IS NULL OR lease_expires_at <= now()
                        OR lease_owner = \(owner) AND lease_expires_at <= now() + make_interval(secs => \(seconds / 2))
                    )
                ORDER BY lease_owner IS NOT DISTINCT FROM \(owner) DESC, created_at LIMIT \(limit) - (SELECT count(*) FROM held)
                FOR UPDATE SKIP LOCKED
            ), leased AS (
                UPDATE transfer_tasks SET lease_owner = \(owner), lease_expires_at = now() + make_interval(secs => \(seconds))
                FROM candidates WHERE id = candidate
                RETURNING \(fragment: Self.openColumns)
            )
            SELECT * FROM held UNION ALL SELECT * FROM leased ORDER BY created_at, id
            """
        ).map(OpenTransferTask.init)
    }

    private static let openColumns: SQL = "id, username, state, job_id, error_log, submission_ends_at <= now() AS submission_is_over, created_at"

    /// Gives up leases before their time.
    func release(_ ids: [UUID], owner: String) async throws {
        try await pool.execute(
            """
            UPDATE transfer_tasks SET lease_owner = NULL, lease_expires_at = NULL
            WHERE id = ANY(\(ids.map(\.uuidString))::uuid[]) AND lease_owner = \(owner)
            """)
    }
}

extension OpenTransferTask {
    init(_ row: PostgresRow) throws {
        id = try row.decode("id")
        username = try row.decode("username")
        state = try row.decodeCase("state")
        jobID = try row.decode("job_id")
        errorLog = try row.decode("error_log")
        isSubmissionOver = try row.decode("submission_is_over")
    }
}
