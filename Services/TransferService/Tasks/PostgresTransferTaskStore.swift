import FoundationEssentials
import GoldcrestPostgres

/// Transfer tasks in the table `transfer_tasks`.
struct PostgresTransferTaskStore: TransferTaskStore {
    private static let columns: SQL = """
        transfer_tasks.id, system, username, request, idempotency_key, working_directory, output_log, error_log, state, job_id, directives, staged,
        error, created_at, updated_at, ended_at
        """

    private let pool: PostgresPool

    init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Makes the table or brings it up to date; any number of replicas may call it at once.
    func migrate() async throws {
        try await pool.migrate(Self.migrations, of: "transfer_tasks")
    }

    func insert(_ task: NewTransferTask) async throws -> TransferTaskInsertion {
        let inserted = try await pool.query(
            """
            INSERT INTO transfer_tasks (
                id, system, username, request, idempotency_key, working_directory, output_log, error_log, state, staged
            ) VALUES (
                \(task.id), \(task.system), \(task.username), \(JSONColumn(task.request)), \(task.idempotencyKey), \(task.files.workingDirectory),
                \(task.files.outputLog), \(task.files.errorLog), 'accepted', \(task.staged.map(JSONColumn.init))
            )
            ON CONFLICT (username, idempotency_key) DO NOTHING
            RETURNING \(fragment: Self.columns)
            """)
        if let row = inserted.first { return .inserted(try TransferTask(row)) }
        guard let key = task.idempotencyKey, let existing = try await find(idempotencyKey: key, username: task.username) else {
            throw PostgresError(.migration, "A transfer task was refused as a repetition of one that is not there.", hint: "Try again.")
        }
        return .existing(existing)
    }

    func notePreparation(of id: UUID, directives: TransferDirectives?, staged: StagedObject?) async throws {
        try await pool.execute(
            """
            UPDATE transfer_tasks SET directives = \(directives.map(JSONColumn.init)), staged = \(staged.map(JSONColumn.init)), updated_at = now()
            WHERE id = \(id)
            """)
    }

    func find(idempotencyKey: String, username: String) async throws -> TransferTask? {
        try await first(
            "SELECT \(fragment: Self.columns) FROM transfer_tasks WHERE username = \(username) AND idempotency_key = \(idempotencyKey)")
    }

    func markSubmitted(_ id: UUID, jobID: String) async throws -> TransferTask? {
        try await first(
            """
            UPDATE transfer_tasks SET state = 'submitted', job_id = \(jobID), updated_at = now()
            WHERE id = \(id) AND state = 'accepted'
            RETURNING \(fragment: Self.columns)
            """)
    }

    func update(_ id: UUID, to state: TransferTaskState, error: String?) async throws -> TransferTask? {
        // Without a job's id only an end can follow the acceptance; that is markSubmitted's step.
        guard state != .submitted else { return nil }
        return try await first(
            """
            UPDATE transfer_tasks SET
                state = \(state.rawValue), error = COALESCE(\(error), error), updated_at = now(),
                ended_at = CASE WHEN \(state.hasEnded)::boolean THEN now() END,
                lease_owner = CASE WHEN \(state.hasEnded)::boolean THEN NULL ELSE lease_owner END,
                lease_expires_at = CASE WHEN \(state.hasEnded)::boolean THEN NULL ELSE lease_expires_at END
            WHERE id = \(id) AND state = ANY(\(state.predecessors.map(\.rawValue)))
            RETURNING \(fragment: Self.columns)
            """)
    }

    func find(_ id: UUID, username: String) async throws -> TransferTask? {
        try await first("SELECT \(fragment: Self.columns) FROM transfer_tasks WHERE id = \(id) AND username = \(username)")
    }

    func list(username: String, system: String, limit: Int) async throws -> [TransferTask] {
        try await pool.query(
            """
            SELECT \(fragment: Self.columns) FROM transfer_tasks
            WHERE username = \(username) AND system = \(system) ORDER BY created_at DESC, id LIMIT \(limit)
            """
        ).map(TransferTask.init)
    }

    func leaseOpenTasks(system: String, owner: String, for duration: Duration, limit: Int) async throws -> [TransferTask] {
        let seconds = duration / .seconds(1)
        return try await pool.query(
            """
            WITH candidates AS (
                SELECT id AS candidate FROM transfer_tasks
                WHERE system = \(system) AND ended_at IS NULL
                    AND (lease_expires_at IS NULL OR lease_expires_at <= now() OR lease_owner = \(owner))
                ORDER BY lease_expires_at NULLS FIRST, created_at
                LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            )
            UPDATE transfer_tasks SET lease_owner = \(owner), lease_expires_at = now() + make_interval(secs => \(seconds))
            FROM candidates WHERE id = candidate
            RETURNING \(fragment: Self.columns)
            """
        ).map(TransferTask.init).sorted { $0.createdAt < $1.createdAt }
    }

    func release(_ ids: [UUID], owner: String) async throws {
        try await pool.execute(
            """
            UPDATE transfer_tasks SET lease_owner = NULL, lease_expires_at = NULL
            WHERE id = ANY(\(ids.map(\.uuidString))::uuid[]) AND lease_owner = \(owner)
            """)
    }

    private func first(_ sql: SQL) async throws -> TransferTask? {
        try await pool.query(sql).first.map(TransferTask.init)
    }
}

extension TransferTask {
    init(_ row: PostgresRow) throws {
        id = try row.decode("id")
        system = try row.decode("system")
        username = try row.decode("username")
        request = try row.decode("request", as: JSONColumn<TransferRequest>.self).value
        idempotencyKey = try row.decode("idempotency_key")
        files = TransferJobFiles(
            workingDirectory: try row.decode("working_directory"), outputLog: try row.decode("output_log"), errorLog: try row.decode("error_log"))
        directives = try row.decode("directives", as: JSONColumn<TransferDirectives>?.self)?.value
        staged = try row.decode("staged", as: JSONColumn<StagedObject>?.self)?.value
        state = try row.decodeCase("state")
        jobID = try row.decode("job_id")
        error = try row.decode("error")
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("updated_at")
        endedAt = try row.decode("ended_at")
    }
}

extension PostgresRow {
    /// Reads a column that holds the name of a case.
    fileprivate func decodeCase<Case: RawRepresentable<String>>(_ column: String) throws -> Case {
        guard let value = Case(rawValue: try decode(column)) else {
            throw PostgresError(.decoding, "Column \(column): not a \(Case.self) that this version knows.", hint: "See whether a newer version wrote it.")
        }
        return value
    }
}
