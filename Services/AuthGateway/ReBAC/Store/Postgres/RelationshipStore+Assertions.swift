import GoldcrestPostgres

extension RelationshipStore {
    /// Replaces the assertions of a model.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``, ``RelationshipStoreError/modelNotFound(id:)``.
    func writeAssertions(_ assertions: [some Codable & Sendable], of modelID: String, in storeID: String) async throws(RelationshipStoreError) {
        try await asking {
            guard ULID(modelID) != nil else { throw RelationshipStoreError.modelNotFound(id: modelID) }
            let head = try await head(of: storeID)
            let count = try await pool.execute(
                """
                INSERT INTO rebac_assertions (store, model_id, assertions)
                SELECT store, id, \(JSONColumn(assertions))::json FROM rebac_models WHERE store = \(head.number) AND id = \(modelID)
                ON CONFLICT (store, model_id) DO UPDATE SET assertions = excluded.assertions
                """)
            guard count == 1 else { throw RelationshipStoreError.modelNotFound(id: modelID) }
        }
    }

    /// Empty where none were ever written.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``.
    func assertions<Assertion: Codable & Sendable>(
        as type: Assertion.Type = Assertion.self, of modelID: String, in storeID: String
    ) async throws(RelationshipStoreError) -> [Assertion] {
        try await asking {
            let head = try await head(of: storeID)
            guard ULID(modelID) != nil else { return [] }
            let rows = try await pool.query(
                "SELECT assertions FROM rebac_assertions WHERE store = \(head.number) AND model_id = \(modelID)")
            return try rows.first?.decode("assertions", as: JSONColumn<[Assertion]>.self).value ?? []
        }
    }
}
