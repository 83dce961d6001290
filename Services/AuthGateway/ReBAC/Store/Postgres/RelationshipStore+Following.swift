import GoldcrestPostgres
import ReBAC

/// Tuples or changes that were read together, and the position that they reach to.
struct Batch<Element: Sendable>: Sendable {
    let elements: [Element]
    /// Of the last of them; `nil` where there were none.
    let lastPosition: Int64?
}

extension RelationshipStore {
    /// How many rows are in memory at a time while many are read.
    static let batchSize = 10_000

    /// Comes whenever something may have changed; `reconnected` says that words of it may have been missed.
    func notifications() -> AsyncStream<PostgresNotification> { pool.notifications(on: Self.channel) }

    /// Where all stores stand, at one moment.
    func heads() async throws -> [StoreHead] {
        try await pool.query("SELECT \(fragment: StoreHead.columns) FROM rebac_stores WHERE deleted_at IS NULL").map { try StoreHead($0) }
    }

    /// The tuples that were written behind a position and are still there, in the order of their writing.
    func tuples(of head: StoreHead, after position: Int64, limit: Int = batchSize) async throws -> Batch<RelationshipTuple> {
        let rows = try await pool.query(
            """
            SELECT \(fragment: TupleRows.columns), position FROM rebac_tuples WHERE store = \(head.number) AND position > \(position)
            ORDER BY position LIMIT \(limit)
            """, deadline: .seconds(30))
        return Batch(elements: try rows.map(TupleRows.tuple), lastPosition: try rows.last?.decode("position"))
    }

    /// What changed behind a position up to that of `head`, which may come in several batches.
    func changes(of head: StoreHead, after position: Int64, limit: Int = batchSize) async throws -> Batch<TupleChange> {
        let rows = try await pool.query(
            """
            SELECT \(fragment: ChangeRows.columns) FROM rebac_changes
            WHERE store = \(head.number) AND position > \(position) AND position <= \(head.position)
            ORDER BY position LIMIT \(limit)
            """, deadline: .seconds(30))
        return Batch(elements: try rows.map(TupleChange.init), lastPosition: try rows.last?.decode("position"))
    }
}
