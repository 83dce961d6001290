import FoundationEssentials
import GoldcrestPostgres

extension TransferTaskStore {
    /// Who tells of a change.
    private enum Teller {
        /// Whoever is submitting the job right now.
        case submitter
        /// Whoever follows the job.
        case follower
    }

    /// Follows what jobs do; all of it in one statement.
    ///
    /// What is no step of ``TransferTaskState/canBecome(_:)`` changes nothing: another replica was faster. So does the end of a task that may still
    /// be submitted. With the end of a task goes what it needed on the way:
    /// - its directives lose what lets somebody read or write the file, a download's only when its object is cleared away;
    /// - what it has staged is due to be cleared away: at once, or for a download that succeeded when its user had the time to fetch it;
    /// - its idempotency key is free again if there never was a job nor a refusal to repeat, so that the request can be sent anew.
    ///
    /// - Parameters:
    ///   - changes: At most one of each task.
    ///   - timeToFetch: How long the staged objects of successful downloads are kept.
    /// - Returns: The tasks that have changed.
    func apply(_ changes: [TransferTaskChange], keepingDownloadsFor timeToFetch: Duration) async throws -> [TransferTask] {
        try await apply(changes, toldBy: .follower, keepingDownloadsFor: timeToFetch)
    }

    /// Ends a task whose job was not submitted and never will be.
    ///
    /// - Parameter refusal: What a client is told that repeats the request; without it, it may send the request anew with the same key.
    func fail(_ id: UUID, error: String, refusal: TransferRefusal? = nil) async throws -> TransferTask? {
        try await apply([.init(id, to: .failed, error: error, refusal: refusal)], toldBy: .submitter).first
    }

    private func apply(
        _ changes: [TransferTaskChange], toldBy teller: Teller, keepingDownloadsFor timeToFetch: Duration = .zero
    ) async throws -> [TransferTask] {
        guard !changes.isEmpty else { return [] }
        let steps = TransferTaskState.allCases.flatMap { from in
            TransferTaskState.allCases.filter { from.canBecome($0) }.map { (from: from.rawValue, to: $0.rawValue) }
        }
        return try await pool.query(
            """
            WITH wanted AS (
                SELECT *, state = ANY(\(Self.endStates)) AS has_ended
                FROM unnest(
                    \(changes.map(\.id.uuidString))::uuid[], \(changes.map(\.state.rawValue))::text[], \(changes.map { $0.jobID ?? "" })::text[],
                    \(changes.map { $0.error.map(Self.storable) ?? "" })::text[],
                    \(changes.map { $0.refusal.flatMap { JSONColumn($0.storable).postgresText } ?? "" })::text[]
                ) AS wanted (id, state, job_id, error, refusal)
            ), steps AS (
                SELECT * FROM unnest(\(steps.map(\.from))::text[], \(steps.map(\.to))::text[]) AS steps (before, after)
            ), changed AS (
                UPDATE transfer_tasks SET
                    state = wanted.state,
                    job_id = COALESCE(transfer_tasks.job_id, NULLIF(wanted.job_id, '')),
                    error = COALESCE(NULLIF(wanted.error, ''), transfer_tasks.error),
                    refusal = NULLIF(wanted.refusal, '')::jsonb,
                    updated_at = now(),
                    submitted_at = COALESCE(submitted_at, CASE WHEN wanted.job_id <> '' THEN now() END),
                    started_at = COALESCE(started_at, CASE WHEN wanted.state = 'running' THEN now() END),
                    ended_at = CASE WHEN has_ended THEN now() END,
                    lease_owner = CASE WHEN NOT has_ended THEN lease_owner END,
                    lease_expires_at = CASE WHEN NOT has_ended THEN lease_expires_at END,
                    idempotency_key = CASE
                        WHEN NOT has_ended OR transfer_tasks.job_id IS NOT NULL OR wanted.job_id <> '' OR wanted.refusal <> '' THEN idempotency_key
                    END,
                    directives = CASE
                        WHEN has_ended AND NOT (\(fragment: Self.isFetchable)) THEN \(fragment: Self.harmlessDirectives) ELSE directives
                    END,
                    clear_at = CASE
                        WHEN NOT has_ended OR staged IS NULL THEN NULL
                        WHEN \(fragment: Self.isFetchable) THEN now() + make_interval(secs => \(timeToFetch / .seconds(1)))
                        ELSE now()
                    END
                FROM wanted
                WHERE transfer_tasks.id = wanted.id
                    AND (
                        EXISTS (
                            SELECT FROM steps WHERE before = transfer_tasks.state AND after = wanted.state
                            AND (after <> 'submitted' OR wanted.job_id <> '')
                        )
                        OR transfer_tasks.state = 'accepted' AND wanted.job_id <> ''
                            AND EXISTS (SELECT FROM steps WHERE before = 'submitted' AND after = wanted.state)
                    )
                    AND (transfer_tasks.state <> 'accepted' OR wanted.job_id <> '' OR \(teller == .submitter)::boolean OR submission_ends_at <= now())
                RETURNING \(fragment: Self.columns)
            )
            SELECT *, pg_notify(\(Self.changedChannel), id::text) FROM changed
            """
        ).map(TransferTask.init)
    }

    private static let endStates = TransferTaskState.allCases.filter(\.hasEnded).map(\.rawValue)

    /// Whether the wanted state is the one in which a user can still fetch a file.
    private static let isFetchable: SQL = "wanted.state = 'succeeded' AND staged IS NOT NULL AND request->>'operation' = 'download'"

    /// PostgreSQL holds no NUL in text, and what a scheduler says may be anything.
    fileprivate static func storable(_ text: String) -> String {
        text.utf8.contains(0) ? String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0 })) : text
    }
}

extension TransferRefusal {
    fileprivate var storable: TransferRefusal {
        var refusal = self
        refusal.message = TransferTaskStore.storable(message)
        refusal.causes = causes.map(TransferTaskStore.storable)
        return refusal
    }
}
