import FoundationEssentials
package import GoldcrestPostgres

/// Transfer tasks in the table `transfer_tasks`. All times are the database's, so that no replica's clock matters.
package struct TransferTaskStore: Sendable {
    static let columns: SQL = """
        transfer_tasks.id, system, username, request, idempotency_key, working_directory, output_log, error_log, transfer_tasks.state,
        transfer_tasks.job_id, staged, transfer_tasks.error, transfer_tasks.refusal, submission_ends_at, attempts, created_at, updated_at,
        submitted_at, started_at, ended_at
        """
    /// Of those tasks only whose answer is to be given: there may be thousands of URLs in it.
    private static let columnsWithDirectives: SQL = "\(fragment: columns), directives"

    let pool: PostgresPool

    package init(pool: PostgresPool) {
        self.pool = pool
    }

    /// Makes the table or brings it up to date; any number of replicas may call it at once.
    package func migrate() async throws {
        try await pool.migrate(Self.migrations, of: "transfer_tasks")
    }

    // MARK: - Submission

    /// Writes a task down in the state `accepted`, unless its user has already used the idempotency key: then that earlier task is the answer.
    ///
    /// Keys are a user's, whatever the system: a client that uses one again for another system has made a mistake, and can be told so.
    ///
    /// - Parameter bound: After which no submission by the caller can have an effect any more.
    func insert(_ task: NewTransferTask, submissionWithin bound: Duration) async throws -> TransferTaskInsertion {
        let inserted = try await first(
            """
            WITH inserted AS (
                INSERT INTO transfer_tasks (
                    id, system, username, request, idempotency_key, working_directory, output_log, error_log, state, staged, submission_ends_at
                ) VALUES (
                    \(task.id), \(task.system), \(task.username), \(JSONColumn(task.request)), \(task.idempotencyKey),
                    \(task.files.workingDirectory), \(task.files.outputLog), \(task.files.errorLog), 'accepted',
                    \(task.staged.map(JSONColumn.init)), now() + make_interval(secs => \(bound / .seconds(1)))
                )
                ON CONFLICT (username, idempotency_key) DO NOTHING
                RETURNING \(fragment: Self.columnsWithDirectives)
            )
            SELECT *, pg_notify(\(Self.openedChannel), system) FROM inserted
            """)
        if let inserted { return .inserted(inserted) }
        guard let key = task.idempotencyKey, let existing = try await find(idempotencyKey: key, username: task.username) else {
            throw PostgresError(.migration, "A transfer task was refused as a repetition of one that is not there.", hint: "Try again.")
        }
        return .existing(existing)
    }

    /// The task for which a user has used an idempotency key.
    func find(idempotencyKey: String, username: String) async throws -> TransferTask? {
        try await first(
            """
            SELECT \(fragment: Self.columnsWithDirectives) FROM transfer_tasks
            WHERE username = \(username) AND idempotency_key = \(idempotencyKey)
            """)
    }

    /// Makes the caller the one who submits the job of a task whose earlier submission ended without a word.
    ///
    /// - Returns: The task; `nil` if an earlier submission may still have an effect, or the task is not `accepted` any more.
    func takeOverSubmission(of id: UUID, within bound: Duration) async throws -> TransferTask? {
        try await first(
            """
            UPDATE transfer_tasks
            SET submission_ends_at = now() + make_interval(secs => \(bound / .seconds(1))), attempts = attempts + 1, updated_at = now()
            WHERE id = \(id) AND state = 'accepted' AND submission_ends_at <= now()
            RETURNING \(fragment: Self.columnsWithDirectives)
            """)
    }

    /// Gives the submission up, of which nothing was begun.
    func giveUpSubmission(of id: UUID) async throws {
        try await pool.execute("UPDATE transfer_tasks SET submission_ends_at = now() WHERE id = \(id) AND state = 'accepted'")
    }

    /// Keeps what was made for the job and the client before the job is submitted.
    func notePreparation(of id: UUID, directives: TransferDirectives?, staged: StagedObject?) async throws {
        try await pool.execute(
            """
            UPDATE transfer_tasks SET directives = \(directives.map(JSONColumn.init)), staged = \(staged.map(JSONColumn.init)), updated_at = now()
            WHERE id = \(id)
            """)
    }

    /// The scheduler took the job.
    ///
    /// - Returns: The task as it is now; `nil` when it is not in the state `accepted` (any more).
    func markSubmitted(_ id: UUID, jobID: String) async throws -> TransferTask? {
        try await first(
            """
            WITH changed AS (
                UPDATE transfer_tasks SET state = 'submitted', job_id = \(jobID), submitted_at = now(), updated_at = now()
                WHERE id = \(id) AND state = 'accepted'
                RETURNING \(fragment: Self.columnsWithDirectives)
            )
            SELECT *, pg_notify(\(Self.changedChannel), id::text) FROM changed
            """)
    }

    // MARK: - What users ask for

    /// A user's task; `nil` when it does not exist or is another user's.
    func find(_ id: UUID, username: String) async throws -> TransferTask? {
        try await first("SELECT \(fragment: Self.columns) FROM transfer_tasks WHERE id = \(id) AND username = \(username)")
    }

    package func list(_ listing: TransferTaskListing) async throws -> [TransferTask] {
        var sql: SQL = """
            SELECT \(fragment: Self.columns) FROM transfer_tasks WHERE username = \(listing.username) AND system = \(listing.system)
            """
        if !listing.states.isEmpty {
            sql = sql + " AND state = ANY(\(listing.states.map(\.rawValue).sorted()))"
            // It follows from the states; with it the index of open tasks can be used, or that of ended ones.
            if listing.states.allSatisfy({ !$0.hasEnded }) { sql = sql + " AND ended_at IS NULL" }
            if listing.states.allSatisfy(\.hasEnded) { sql = sql + " AND ended_at IS NOT NULL" }
        }
        if let operation = listing.operation { sql = sql + " AND request->>'operation' = \(operation.rawValue)" }
        if let after = listing.after { sql = sql + " AND (created_at, id) < (\(after.createdAt)::timestamptz, \(after.id)::uuid)" }
        return try await pool.query(sql + " ORDER BY created_at DESC, id DESC LIMIT \(listing.limit)").map(TransferTask.init)
    }

    func first(_ sql: SQL) async throws -> TransferTask? {
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
        if row.columnNames.contains("directives") { directives = try row.decode("directives", as: JSONColumn<TransferDirectives>?.self)?.value }
        staged = try row.decode("staged", as: JSONColumn<StagedObject>?.self)?.value
        state = try row.decodeCase("state")
        jobID = try row.decode("job_id")
        error = try row.decode("error")
        refusal = try row.decode("refusal", as: JSONColumn<TransferRefusal>?.self)?.value
        submissionEndsAt = try row.decode("submission_ends_at")
        attempts = try row.decode("attempts")
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("updated_at")
        submittedAt = try row.decode("submitted_at")
        startedAt = try row.decode("started_at")
        endedAt = try row.decode("ended_at")
    }
}

extension PostgresRow {
    /// Reads a column that holds the name of a case.
    func decodeCase<Case: RawRepresentable<String>>(_ column: String) throws -> Case {
        guard let value = Case(rawValue: try decode(column)) else {
            throw PostgresError(.decoding, "Column \(column): not a \(Case.self) that this version knows.", hint: "See whether a newer version wrote it.")
        }
        return value
    }
}
