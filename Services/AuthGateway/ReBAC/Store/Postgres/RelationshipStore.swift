import GoldcrestPostgres
import ReBAC

/// Stores, models, tuples and the log of their changes, in PostgreSQL. All times are the database's.
///
/// Every write of tuples locks its store's row and counts the store's position on. So the changes of a store have one order, their positions
/// have no gaps, and nobody who has seen a position can meet an earlier one later. (Numbers from a sequence are given out before the commit, so
/// a follower of those could pass by a transaction that commits late.)
struct RelationshipStore: Sendable {
    /// Is notified of a store's id when anything in it changes.
    static let channel = "goldcrest_rebac"

    let pool: PostgresPool

    /// Makes the tables or brings them up to date; any number of gateways may call it at once.
    func migrate() async throws {
        try await pool.migrate(Self.migrations, of: "rebac")
    }

    /// Runs what asks the database, with errors that a caller can tell apart.
    func asking<Answer: Sendable>(
        _ body: @Sendable () async throws -> Answer
    ) async throws(RelationshipStoreError) -> Answer {
        do {
            return try await body()
        } catch let error as RelationshipStoreError {
            throw error
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }
}

/// The row of a store that its contents hang on.
struct StoreHead: Sendable, Equatable {
    /// What the rows of a store's contents name it by: shorter than its id.
    let number: Int64
    let id: String
    /// Of the last change of its tuples; 0 before the first one.
    let position: Int64
    let newestModelID: String?
}

extension StoreHead {
    static let columns: SQL = "number, rebac_stores.id, position, newest_model_id"

    init(_ row: PostgresRow) throws {
        number = try row.decode("number")
        id = try row.decode("id")
        position = try row.decode("position")
        newestModelID = try row.decode("newest_model_id")
    }
}

extension RelationshipStore {
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``.
    func head(of storeID: String) async throws -> StoreHead {
        try Self.validate(storeID: storeID)
        let rows = try await pool.query(
            "SELECT \(fragment: StoreHead.columns) FROM rebac_stores WHERE id = \(storeID) AND deleted_at IS NULL")
        guard let row = rows.first else { throw RelationshipStoreError.storeNotFound(id: storeID) }
        return try StoreHead(row)
    }

    /// Keeps everybody else from writing into the store until the transaction ends.
    ///
    /// - Throws: ``RelationshipStoreError/storeNotFound(id:)``.
    static func lock(_ storeID: String, in transaction: PostgresTransaction) async throws -> StoreHead {
        try validate(storeID: storeID)
        let rows = try await transaction.query(
            "SELECT \(fragment: StoreHead.columns) FROM rebac_stores WHERE id = \(storeID) AND deleted_at IS NULL FOR NO KEY UPDATE")
        guard let row = rows.first else { throw RelationshipStoreError.storeNotFound(id: storeID) }
        return try StoreHead(row)
    }

    /// What is no id cannot be there, and may be something that PostgreSQL does not take.
    private static func validate(storeID: String) throws {
        guard ULID(storeID) != nil else { throw RelationshipStoreError.storeNotFound(id: storeID) }
    }
}
