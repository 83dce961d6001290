import GoldcrestPostgres
import ReBAC

extension RelationshipStore {
    /// Keeps a further version of the store's model. Whether it is valid has been checked before.
    ///
    /// - Returns: Its id, which is greater than those of all models of the store.
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``.
    func write(_ model: AuthorizationModel, to storeID: String) async throws(RelationshipStoreError) -> String {
        try await asking {
            try await pool.withTransaction { transaction in
                try await Self.write(model, to: try await Self.lock(storeID, in: transaction), in: transaction)
            }
        }
    }

    /// - Parameter head: Of the store, whose row is locked.
    static func write(_ model: AuthorizationModel, to head: StoreHead, in transaction: PostgresTransaction) async throws -> String {
        let id = ULID(after: head.newestModelID.flatMap { ULID($0) }).description
        let json = String(decoding: model.json(), as: UTF8.self)
        try await transaction.execute("INSERT INTO rebac_models (store, id, model) VALUES (\(head.number), \(id), \(json)::json)")
        _ = try await transaction.query(
            """
            WITH changed AS (
                UPDATE rebac_stores SET newest_model_id = \(id), updated_at = now() WHERE number = \(head.number) RETURNING rebac_stores.id
            )
            SELECT pg_notify(\(channel), id) FROM changed
            """)
        return id
    }

    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/modelNotFound(id:)``,
    ///   ``RelationshipStoreError/unusableModel(id:reason:)``.
    func model(_ id: String, in storeID: String) async throws(RelationshipStoreError) -> StoredModel {
        try await asking { try await model(id, in: try await head(of: storeID)) }
    }

    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/noModel(storeID:)``,
    ///   ``RelationshipStoreError/unusableModel(id:reason:)``.
    func newestModel(in storeID: String) async throws(RelationshipStoreError) -> StoredModel {
        try await asking {
            let head = try await head(of: storeID)
            guard let id = head.newestModelID else { throw RelationshipStoreError.noModel(storeID: storeID) }
            return try await model(id, in: head)
        }
    }

    func model(_ id: String, in head: StoreHead) async throws -> StoredModel {
        guard ULID(id) != nil else { throw RelationshipStoreError.modelNotFound(id: id) }
        let rows = try await pool.query("SELECT id, model FROM rebac_models WHERE store = \(head.number) AND id = \(id)")
        guard let row = rows.first else { throw RelationshipStoreError.modelNotFound(id: id) }
        return try StoredModel(row)
    }

    /// The newest first.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/invalidContinuationToken``,
    ///   ``RelationshipStoreError/unusableModel(id:reason:)``.
    func models(in storeID: String, page: PageRequest) async throws(RelationshipStoreError) -> Page<StoredModel> {
        let start = try page.token
        return try await asking {
            let head = try await head(of: storeID)
            var sql: SQL = "SELECT id, model FROM rebac_models WHERE store = \(head.number)"
            switch start {
            case nil: break
            case .models(storeID, let id): sql = sql + " AND id < \(id.description)"
            default: throw RelationshipStoreError.invalidContinuationToken
            }
            let models = try await pool.query(sql + " ORDER BY id DESC LIMIT \(page.rows + 1)").map(StoredModel.init)
            return Page(of: models, size: page.rows) { last in ULID(last.id).map { .models(store: storeID, before: $0) } }
        }
    }
}

extension StoredModel {
    init(_ row: PostgresRow) throws {
        id = try row.decode("id")
        do {
            model = try AuthorizationModel(json: Array(try row.decode("model", as: String.self).utf8))
        } catch let error as InvalidModel {
            throw RelationshipStoreError.unusableModel(id: id, reason: "\(error)")
        }
    }
}
