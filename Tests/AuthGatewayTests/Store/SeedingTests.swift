import FoundationEssentials
import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Seeding the gateway's own store")
struct SeedingTests {
    private static func seed(_ lastRelation: String = "owner", documents: Int = 3) throws -> RelationshipSeed {
        RelationshipSeed(
            model: .example(lastRelation: lastRelation), tuples: try (0..<documents).map { try .example("document:\($0)") })
    }

    @Test("ten gateways that start at once make one store with one model and the tuples once")
    func race() async throws {
        try await RelationshipStore.withFreshTables(maximumConnections: 10) { store async throws in
            let seed = try Self.seed(documents: 2500)
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 { group.addTask { try await store.plant(seed) } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            let id = try #require(ids.first)
            #expect(ids.count == 1)
            let stores = try await store.stores(page: PageRequest(size: 10)).elements
            #expect(stores.map(\.id) == [id] && stores.map(\.name) == ["goldcrest"])
            #expect(try await store.models(in: id, page: PageRequest(size: 10)).elements.count == 1)
            let tuples = try await store.allTuples(in: id, pageSize: 10_000)
            #expect(tuples == seed.tuples)
            #expect(try await store.head(of: id).position == 2500)
        }
    }

    @Test("another model in the file becomes the newest version; one that was written since then stays until the file changes")
    func models() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.plant(try Self.seed())
            func newest() async throws -> [UInt8] { try await store.newestModel(in: id).model.json() }
            func count() async throws -> Int { try await store.models(in: id, page: PageRequest(size: 100)).elements.count }
            _ = try await store.plant(try Self.seed())
            #expect(try await count() == 1)
            _ = try await store.plant(try Self.seed("editor"))
            #expect(try await newest() == AuthorizationModel.example(lastRelation: "editor").json())
            #expect(try await count() == 2)

            _ = try await store.write(.example(lastRelation: "written"), to: id)
            _ = try await store.plant(try Self.seed("editor"))
            #expect(try await newest() == AuthorizationModel.example(lastRelation: "written").json())
            #expect(try await store.plant(try Self.seed("owner")) == id)
            #expect(try await newest() == AuthorizationModel.example().json())
            #expect(try await count() == 4)
        }
    }

    @Test("tuples are written only into a store that never had any")
    func tuples() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.plant(try Self.seed(documents: 0))
            #expect(try await store.allTuples(in: id).isEmpty)
            _ = try await store.plant(try Self.seed(documents: 3))
            let tuples = try await store.allTuples(in: id)
            #expect(tuples.count == 3)
            try await store.write(TupleWrite(deletes: tuples.map(\.key)), to: id)
            _ = try await store.plant(try Self.seed(documents: 3))
            #expect(try await store.allTuples(in: id).isEmpty, "they were taken away on purpose")
        }
    }

    @Test("a store of the same name that somebody else made is not the gateway's own")
    func sameName() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let foreign = try await store.createStore(name: RelationshipSeed.storeName).id
            let own = try await store.plant(try Self.seed())
            #expect(own != foreign)
            #expect(try await store.allTuples(in: foreign).isEmpty)
        }
    }

    @Test("a seed that cannot be planted leaves nothing behind")
    func wholeOrNothing() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let twice = try RelationshipTuple.example("document:1")
            await #expect(throws: PostgresError.self) { try await store.plant(RelationshipSeed(model: .example(), tuples: [twice, twice])) }
            #expect(try await store.stores(page: PageRequest(size: 10)).elements.isEmpty)
        }
    }

    @Test("two gateways follow the one store that both of them seed")
    func replicas() async throws {
        try await RelationshipStore.withFreshTables(maximumConnections: 8) { store async throws in
            let seed = try Self.seed()
            try await RelationshipReplica.following(store, seed: seed) { first async throws in
                try await RelationshipReplica.following(store, seed: seed) { second async throws in
                    try await eventually { first.problem == nil && second.problem == nil }
                    let id = try #require(first.goldcrestStoreID)
                    #expect(second.goldcrestStoreID == id)
                    #expect(try first.documents(in: id, among: ["0", "1", "2"])?.count == 3)
                    await #expect(throws: RelationshipStoreError.ownStore(id: id)) { try await store.deleteStore(id) }
                    // By hand it can be done.
                    try await store.pool.execute("UPDATE rebac_stores SET deleted_at = now() WHERE id = \(id)")
                    try await first.refresh(within: .seconds(10))
                    #expect(first.problem?.contains("own store") == true)
                }
            }
        }
    }
}
