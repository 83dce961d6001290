import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("The replica while PostgreSQL is away")
struct ReplicaOutageTests {
    /// Lends a replica on a server of its own, which may be stopped.
    private static func withServer(
        maxStaleness: Duration, seed: RelationshipSeed? = nil, started: Bool = true,
        _ body: (PostgresServer, RelationshipStore, RelationshipReplica) async throws -> Void
    ) async throws {
        let server = try await PostgresServer.start()
        let pool = PostgresPool(url: server.url, maximumConnections: 4, logger: TestDatabase.quiet)
        let store = RelationshipStore(pool: pool)
        if !started { try await server.pause() }
        try await RelationshipReplica.following(store, seed: seed, maxStaleness: maxStaleness) { replica async throws in
            try await body(server, store, replica)
        }
        await pool.close()
    }

    private static let seed = RelationshipSeed(model: .example())

    @Test("the last known state stays in force, readiness tells, and afterwards everything goes on")
    func restart() async throws {
        try await Self.withServer(maxStaleness: .seconds(300), seed: Self.seed) { server, store, replica async throws in
            try await eventually { replica.goldcrestStoreID.map { (try? replica.snapshot(of: $0)) != nil } ?? false }
            let id = try #require(replica.goldcrestStoreID)
            try await store.write(TupleWrite(writes: [.example("document:before")]), to: id)
            try await replica.refresh(within: .seconds(10))

            try await server.pause()
            await #expect(throws: RelationshipStoreError.self) { try await replica.refresh(within: .seconds(1)) }
            #expect(try replica.documents(in: id, among: ["before"]) == ["before"])
            await #expect(throws: RelationshipStoreError.self) { try await store.write(TupleWrite(writes: [.example("document:lost")]), to: id) }
            try await eventually(within: .seconds(60)) { replica.problem != nil }
            #expect(replica.problem?.contains("not been confirmed") == true)

            try await server.resume()
            try await eventually { replica.problem == nil }
            try await store.write(TupleWrite(writes: [.example("document:after")]), to: id)
            try await eventually { try replica.documents(in: id, among: ["before", "after", "lost"]) == ["before", "after"] }
        }
    }

    @Test("after the longest staleness nothing is decided any more, until the database is back")
    func staleness() async throws {
        try await Self.withServer(maxStaleness: .seconds(2), seed: Self.seed) { server, _, replica async throws in
            try await eventually { replica.goldcrestStoreID.map { (try? replica.snapshot(of: $0)) != nil } ?? false }
            let id = try #require(replica.goldcrestStoreID)
            // Nothing changes, and yet it does not grow stale.
            let end = ContinuousClock.now + .seconds(3)
            while ContinuousClock.now < end {
                _ = try replica.snapshot(of: id)
                try await Task.sleep(for: .milliseconds(50))
            }
            try await server.pause()
            _ = try replica.snapshot(of: id)
            try await eventually { (try? replica.snapshot(of: id)) == nil }
            let error = #expect(throws: RelationshipStoreError.self) { try replica.snapshot(of: id) }
            guard case .stale(let age) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(age > .seconds(2))
            #expect(replica.problem?.hasPrefix("everything is denied") == true)
            try await server.resume()
            try await eventually { (try? replica.snapshot(of: id)) != nil }
            try await eventually { replica.problem == nil }
        }
    }

    @Test("a gateway that starts before PostgreSQL waits, says so, and seeds and reads when it comes")
    func lateDatabase() async throws {
        let seed = RelationshipSeed(model: .example(), tuples: [try .example("document:seeded")])
        try await Self.withServer(maxStaleness: .seconds(300), seed: seed, started: false) { server, _, replica async throws in
            try await eventually { replica.problem?.contains("cannot be reached") == true }
            #expect(replica.goldcrestStoreID == nil)
            try await server.resume()
            try await eventually(within: .seconds(40)) { replica.problem == nil }
            let id = try #require(replica.goldcrestStoreID)
            #expect(try replica.documents(in: id, among: ["seeded"]) == ["seeded"])
        }
    }

    @Test("a database that was put back to an earlier state is read anew")
    func restoredDatabase() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "restored").id
            try await store.write(TupleWrite(writes: [.example("document:1"), .example("document:2")]), to: id)
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { try replica.documents(in: id, among: ["1", "2"]) == ["1", "2"] }
                try await store.pool.withTransaction { transaction in
                    try await transaction.execute("DELETE FROM rebac_tuples WHERE position > 1")
                    try await transaction.execute("DELETE FROM rebac_changes WHERE position > 1")
                    try await transaction.execute("UPDATE rebac_stores SET position = 1")
                }
                try await replica.refresh(within: .seconds(10))
                #expect(try replica.documents(in: id, among: ["1", "2"]) == ["1"])
            }
        }
    }

    @Test("a gap in the log is not passed over")
    func gap() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "gap").id
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { (try? replica.snapshot(of: id)) != nil }
                try await store.pool.execute("UPDATE rebac_stores SET position = 5 WHERE id = \(id)")
                let error = await #expect(throws: RelationshipStoreError.self) { try await replica.refresh(within: .seconds(10)) }
                #expect("\(String(describing: error))".contains("gap"))
                #expect(try replica.snapshot(of: id).position == 0)
            }
        }
    }
}
