import Logging

extension PostgresPool {
    /// Serialises migrations of all owners and replicas; any number that nobody else locks will do ("goldcres" in ASCII).
    private static let migrationLock: Int64 = 0x676F_6C64_6372_6573

    /// Brings a part of the schema up to date, all of it or nothing.
    ///
    /// Any number of replicas may do so at once: one works, the others wait and then find nothing left to do. What ran is recorded in
    /// `goldcrest_migrations`. Migrations in the database that this program does not know yet (it is being rolled back) are left alone.
    ///
    /// - Parameters:
    ///   - migrations: All of the owner's, old ones included.
    ///   - owner: Whose they are; the numbers of different owners have nothing to do with each other.
    ///   - deadline: For each statement, the wait for other replicas included.
    /// - Throws: ``PostgresError``; with code `migration` when the recorded history and the list contradict each other.
    public func migrate(_ migrations: [Migration], of owner: String, deadline: Duration = .seconds(60)) async throws {
        let ordered = migrations.sorted { $0.id < $1.id }
        for (earlier, later) in zip(ordered, ordered.dropFirst()) where earlier.id == later.id {
            throw PostgresError(.migration, "Two migrations of \(owner) have the number \(later.id).", hint: "Number the later one anew.")
        }
        let applied = try await withTransaction(deadline: deadline) { transaction in
            _ = try await transaction.query("SELECT pg_advisory_xact_lock(\(Self.migrationLock))", deadline: deadline)
            try await transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS goldcrest_migrations (
                    owner text NOT NULL,
                    id bigint NOT NULL,
                    name text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (owner, id)
                )
                """)
            var known: [Int: String] = [:]
            for row in try await transaction.query("SELECT id, name FROM goldcrest_migrations WHERE owner = \(owner)") {
                known[try row.decode("id")] = try row.decode("name", as: String.self)
            }
            var applied: [Int] = []
            for migration in ordered {
                if let name = known[migration.id] {
                    guard name == migration.name else {
                        throw PostgresError(
                            .migration, "Migration \(migration.id) of \(owner) is '\(migration.name)' here but '\(name)' in the database.",
                            hint: "A released migration must not change; add a further one.")
                    }
                    continue
                }
                _ = try await transaction.run(.script(migration.text), deadline: deadline)
                try await transaction.execute(
                    "INSERT INTO goldcrest_migrations (owner, id, name) VALUES (\(owner), \(migration.id), \(migration.name))")
                applied.append(migration.id)
            }
            return applied
        }
        if !applied.isEmpty {
            logger.info(
                "The database's schema was brought up to date",
                metadata: ["migrations.owner": "\(owner)", "migrations.applied": "\(applied.map(String.init).joined(separator: ", "))"])
        }
    }
}
