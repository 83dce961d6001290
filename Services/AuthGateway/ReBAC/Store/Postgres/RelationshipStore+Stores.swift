import FoundationEssentials
import GoldcrestPostgres
import ReBAC

extension RelationshipStore {
    private static let storeColumns: SQL = "rebac_stores.id, name, created_at, updated_at"

    /// Makes an empty store. Several may have the same name.
    func createStore(name: String) async throws(RelationshipStoreError) -> Store {
        try await asking {
            let rows = try await pool.query(
                """
                WITH made AS (
                    INSERT INTO rebac_stores (id, name) VALUES (\(ULID().description), \(name)) RETURNING \(fragment: Self.storeColumns)
                )
                SELECT *, pg_notify(\(Self.channel), id) FROM made
                """)
            guard let row = rows.first else { throw RelationshipStoreError.unavailable(reason: "the new store did not come back") }
            return try Store(row)
        }
    }

    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``.
    func store(_ id: String) async throws(RelationshipStoreError) -> Store {
        try await asking {
            // What is no id cannot be there, and may be something that PostgreSQL does not take.
            guard ULID(id) != nil else { throw RelationshipStoreError.storeNotFound(id: id) }
            let rows = try await pool.query(
                "SELECT \(fragment: Self.storeColumns) FROM rebac_stores WHERE id = \(id) AND deleted_at IS NULL")
            guard let row = rows.first else { throw RelationshipStoreError.storeNotFound(id: id) }
            return try Store(row)
        }
    }

    /// In the order of their ids, which is that of their making.
    ///
    /// - Parameter name: Only those of exactly this name.
    /// - Throws: ``RelationshipStoreError/invalidContinuationToken``.
    func stores(name: String? = nil, page: PageRequest) async throws(RelationshipStoreError) -> Page<Store> {
        let start = try page.token
        return try await asking {
            var sql: SQL = "SELECT \(fragment: Self.storeColumns) FROM rebac_stores WHERE deleted_at IS NULL"
            if let name { sql = sql + " AND name = \(name)" }
            switch start {
            case nil: break
            case .stores(let id): sql = sql + " AND id > \(id.description)"
            default: throw RelationshipStoreError.invalidContinuationToken
            }
            let stores = try await pool.query(sql + " ORDER BY id LIMIT \(page.rows + 1)").map(Store.init)
            return Page(of: stores, size: page.rows) { last in ULID(last.id).map { .stores(after: $0) } }
        }
    }

    /// Deletes a store with all that is in it: nobody sees it any more.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``; OpenFGA's API takes that for success. ``RelationshipStoreError/ownStore(id:)``
    ///   for the gateway's own one, without which it would deny everything.
    func deleteStore(_ id: String) async throws(RelationshipStoreError) {
        try await asking {
            guard ULID(id) != nil else { throw RelationshipStoreError.storeNotFound(id: id) }
            let rows = try await pool.query(
                """
                WITH deleted AS (UPDATE rebac_stores SET deleted_at = now() WHERE id = \(id) AND deleted_at IS NULL AND NOT is_own RETURNING id)
                SELECT pg_notify(\(Self.channel), id) FROM deleted
                """)
            guard rows.isEmpty else { return }
            _ = try await head(of: id)
            throw RelationshipStoreError.ownStore(id: id)
        }
    }
}

extension Store {
    init(_ row: PostgresRow) throws {
        id = try row.decode("id")
        name = try row.decode("name")
        createdAt = try row.decode("created_at")
        updatedAt = try row.decode("updated_at")
    }
}
