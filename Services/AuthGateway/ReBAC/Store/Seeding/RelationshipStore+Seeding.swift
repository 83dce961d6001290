import GoldcrestCryptography
import GoldcrestPostgres
import ReBAC

extension RelationshipStore {
    /// Serialises the seeding of all gateways; any number that nobody else locks will do ("gc-rebac" in ASCII).
    private static let seedingLock: Int64 = 0x6763_2D72_6562_6163
    private static let tuplesPerStatement = 1000

    /// Makes the gateway's own store, unless it is there, and brings it to what the files say, all of it or nothing.
    ///
    /// The model becomes a new version when it is another one than was seeded last: one that has been written since then stays the newest until the
    /// file changes. The tuples are written into a store that never had any. Any number of gateways may do so at once.
    ///
    /// - Returns: The store's id.
    func plant(_ seed: RelationshipSeed) async throws -> String {
        let digest = SHA256.digest(of: seed.model.json()).hexadecimal
        return try await pool.withTransaction(deadline: .seconds(20)) { transaction in
            _ = try await transaction.query("SELECT pg_advisory_xact_lock(\(Self.seedingLock))", deadline: .seconds(120))
            let id = try await Self.ownStore(in: transaction)
            let head = try await Self.lock(id, in: transaction)
            if try await Self.digest(ofSeedIn: head, transaction) != digest {
                _ = try await Self.write(seed.model, to: head, in: transaction)
                try await transaction.execute("UPDATE rebac_stores SET seeded_model_digest = \(digest) WHERE number = \(head.number)")
            }
            if head.position == 0 { try await Self.plant(seed.tuples, in: head, transaction) }
            return id
        }
    }

    private static func ownStore(in transaction: PostgresTransaction) async throws -> String {
        let own = try await transaction.query("SELECT id FROM rebac_stores WHERE is_own AND deleted_at IS NULL")
        if let row = own.first { return try row.decode("id") }
        let id = ULID().description
        try await transaction.execute("INSERT INTO rebac_stores (id, name, is_own) VALUES (\(id), \(RelationshipSeed.storeName), true)")
        return id
    }

    private static func digest(ofSeedIn head: StoreHead, _ transaction: PostgresTransaction) async throws -> String? {
        try await transaction.query("SELECT seeded_model_digest FROM rebac_stores WHERE number = \(head.number)").first?.decode("seeded_model_digest")
    }

    private static func plant(_ tuples: [RelationshipTuple], in head: StoreHead, _ transaction: PostgresTransaction) async throws {
        var position = head.position
        for start in stride(from: 0, to: tuples.count, by: tuplesPerStatement) {
            let part = tuples[start..<min(start + tuplesPerStatement, tuples.count)]
            let head = StoreHead(number: head.number, id: head.id, position: position, newestModelID: head.newestModelID)
            position = try await write(TupleWrite(writes: Array(part)), to: head, in: transaction)
        }
    }
}
