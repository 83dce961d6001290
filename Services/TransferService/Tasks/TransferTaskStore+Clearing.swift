import FoundationEssentials
import GoldcrestPostgres

extension TransferTaskStore {
    /// After a first failure to clear something away it is tried again in so many seconds, then in twice as many, up to ``longestPause``.
    private static let firstPause = 60
    private static let longestPause = 6 * 60 * 60

    /// The ended tasks whose staged objects are due to be cleared away, for the caller alone.
    ///
    /// What the caller does not report as ``cleared(_:)`` is due again later, and later still with every attempt: after errors as after a crash.
    func leaseTasksToClear(system: String, limit: Int) async throws -> [TransferTask] {
        try await pool.query(
            """
            WITH candidates AS (
                SELECT id AS candidate FROM transfer_tasks
                WHERE system = \(system) AND clear_at <= now()
                ORDER BY clear_at LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            )
            UPDATE transfer_tasks SET
                clear_attempts = clear_attempts + 1,
                clear_at = now() + make_interval(secs => LEAST(\(Self.firstPause)::float8 * 2 ^ LEAST(clear_attempts, 20), \(Self.longestPause)))
            FROM candidates WHERE id = candidate
            RETURNING \(fragment: Self.columns)
            """
        ).map(TransferTask.init)
    }

    /// Their objects are gone, and with them the use of their directives.
    func cleared(_ ids: [UUID]) async throws {
        try await pool.execute(
            """
            UPDATE transfer_tasks SET staged = NULL, clear_at = NULL, directives = \(fragment: Self.harmlessDirectives), updated_at = now()
            WHERE id = ANY(\(ids.map(\.uuidString))::uuid[]) AND ended_at IS NOT NULL
            """)
    }

    /// When the next staged object of a system is due to be cleared away.
    func nextClearing(system: String) async throws -> Date? {
        try await pool.query("SELECT min(clear_at) AS next FROM transfer_tasks WHERE system = \(system) AND clear_at IS NOT NULL")
            .first?.decode("next")
    }

    /// Forgets tasks that ended long ago and have nothing left to clear away.
    ///
    /// - Returns: How many; call again while they are `limit`.
    func deleteTasks(endedBefore age: Duration, limit: Int) async throws -> Int {
        try await pool.execute(
            """
            DELETE FROM transfer_tasks WHERE id IN (
                SELECT id FROM transfer_tasks
                WHERE ended_at < now() - make_interval(secs => \(age / .seconds(1))) AND clear_at IS NULL
                ORDER BY ended_at LIMIT \(limit)
                FOR UPDATE SKIP LOCKED
            )
            """)
    }

    /// The directives without what lets whoever reads them read or write the file: presigned URLs, and the secrets of a direct connection.
    /// They stand in the table so that a repeated request can be answered as the first; when the task has ended nothing can be done with them
    /// but harm. What is left says how the transfer was done.
    static let harmlessDirectives: SQL = """
        CASE WHEN directives IS NOT NULL THEN
            jsonb_strip_nulls(jsonb_build_object(
                'transferMethod', directives->'transferMethod', 'maxPartSize', directives->'maxPartSize'))
        END
        """
}
