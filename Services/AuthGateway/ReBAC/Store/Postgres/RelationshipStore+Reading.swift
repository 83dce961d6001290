import FoundationEssentials
import GoldcrestPostgres
import ReBAC

extension RelationshipStore {
    /// In the order in which they were written.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/invalidContinuationToken``.
    func read(
        _ filter: TupleFilter = TupleFilter(), in storeID: String, page: PageRequest
    ) async throws(RelationshipStoreError) -> Page<StoredTuple> {
        let start = try page.token
        return try await asking {
            let head = try await head(of: storeID)
            var sql: SQL = "SELECT \(fragment: TupleRows.columns), position, written_at FROM rebac_tuples WHERE store = \(head.number)"
            if let type = filter.objectType { sql = sql + " AND object_type = \(type)" }
            if let id = filter.objectID { sql = sql + " AND object_id = \(id)" }
            if let relation = filter.relation { sql = sql + " AND relation = \(relation)" }
            if let user = filter.user { sql = sql + #" AND "user" = \#(user)"# }
            switch start {
            case nil: break
            case .tuples(storeID, let position): sql = sql + " AND position > \(position)"
            default: throw RelationshipStoreError.invalidContinuationToken
            }
            let rows = try await pool.query(sql + " ORDER BY position LIMIT \(page.rows + 1)")
            let found = try Page(of: rows, size: page.rows) { last in .tuples(store: storeID, after: try last.decode("position")) }
            return Page(elements: try found.elements.map(StoredTuple.init), next: found.next)
        }
    }

    /// The store's change log, the oldest first. Its pages never end: ``Page/next`` is absent only as long as there was nothing at all, so that
    /// a reader can come again for what is new; at the log's end it is where the request began.
    ///
    /// - Parameters:
    ///   - type: Only changes of tuples whose object is of this type.
    ///   - start: Only changes since then; what a continuation token says comes first.
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/invalidContinuationToken``,
    ///   ``RelationshipStoreError/continuesOtherType`` where the token was given out for another `type`.
    func changes(
        ofType type: String? = nil, since start: Date? = nil, in storeID: String, page: PageRequest
    ) async throws(RelationshipStoreError) -> Page<TupleChange> {
        let token = try page.token
        return try await asking {
            let head = try await head(of: storeID)
            var sql: SQL = "SELECT \(fragment: ChangeRows.columns) FROM rebac_changes WHERE store = \(head.number)"
            if let type { sql = sql + " AND object_type = \(type)" }
            switch token {
            case .changes(storeID, let position, let tokenType):
                guard tokenType.utf8.elementsEqual((type ?? "").utf8) else { throw RelationshipStoreError.continuesOtherType }
                sql = sql + " AND position > \(position)"
            case nil:
                guard let start else { break }
                // Times grow with positions, so that the first change since then is found by its time and the others follow.
                sql = sql + """
                     AND position >= (
                        SELECT position FROM rebac_changes WHERE store = \(head.number) AND made_at >= \(start)
                        ORDER BY made_at, position LIMIT 1
                    )
                    """
            default: throw RelationshipStoreError.invalidContinuationToken
            }
            let rows = try await pool.query(sql + " ORDER BY position LIMIT \(page.rows)")
            let last = try rows.last?.decode("position", as: Int64.self)
            let next = last.map { ContinuationToken.changes(store: storeID, after: $0, type: type ?? "").text }
            return Page(elements: try rows.map(TupleChange.init), next: next ?? token?.text)
        }
    }
}

extension StoredTuple {
    init(_ row: PostgresRow) throws {
        tuple = try TupleRows.tuple(row)
        writtenAt = try row.decode("written_at")
    }
}

enum ChangeRows {
    static let columns: SQL = "\(fragment: TupleRows.columns), operation, position, made_at"
}

extension TupleChange {
    init(_ row: PostgresRow) throws {
        tuple = try TupleRows.tuple(row)
        guard let operation = Operation(rawValue: try row.decode("operation")) else {
            throw PostgresError(.decoding, "Column operation: none that this version knows.", hint: "See whether a newer version wrote it.")
        }
        self.operation = operation
        madeAt = try row.decode("made_at")
    }
}
