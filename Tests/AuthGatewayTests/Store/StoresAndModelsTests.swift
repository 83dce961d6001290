import FoundationEssentials
import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Stores, models and assertions in PostgreSQL")
struct StoresAndModelsTests {
    private static let unknown = ULID().description

    @Test("a store is made, found, listed in the order of making, found by its name, and gone when deleted")
    func stores() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let first = try await store.createStore(name: "one")
            let second = try await store.createStore(name: "two")
            let third = try await store.createStore(name: "one")
            #expect(try await store.store(first.id) == first)
            #expect(first.name == "one" && abs(first.createdAt.timeIntervalSinceNow) < 60)
            let ids = Set([first.id, second.id, third.id])
            #expect(try await Set(store.stores(page: PageRequest(size: 10)).elements.map(\.id)) == ids)
            #expect(try await Set(store.stores(name: "one", page: PageRequest(size: 10)).elements.map(\.id)) == [first.id, third.id])
            #expect(try await store.stores(name: "on", page: PageRequest(size: 10)).elements.isEmpty)
            try await store.deleteStore(first.id)
            await #expect(throws: RelationshipStoreError.storeNotFound(id: first.id)) { try await store.store(first.id) }
            await #expect(throws: RelationshipStoreError.storeNotFound(id: first.id)) { try await store.deleteStore(first.id) }
            #expect(try await store.stores(name: "one", page: PageRequest(size: 10)).elements == [third])
        }
    }

    @Test("nothing reaches into a store that is not there", arguments: ["", "x", "../../etc", unknown, unknown.lowercased(), unknown + "0", "a\0b"])
    func missingStores(id: String) async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let missing = RelationshipStoreError.storeNotFound(id: id)
            let page = PageRequest(size: 10)
            await #expect(throws: missing) { try await store.store(id) }
            await #expect(throws: missing) { try await store.deleteStore(id) }
            await #expect(throws: missing) { try await store.write(.example(), to: id) }
            await #expect(throws: missing) { try await store.newestModel(in: id) }
            await #expect(throws: missing) { try await store.model(Self.unknown, in: id) }
            await #expect(throws: missing) { try await store.models(in: id, page: page) }
            await #expect(throws: missing) { try await store.write(TupleWrite(writes: [.example("document:a")]), to: id) }
            await #expect(throws: missing) { try await store.read(in: id, page: page) }
            await #expect(throws: missing) { try await store.changes(in: id, page: page) }
            await #expect(throws: missing) { try await store.writeAssertions(["a"], of: Self.unknown, in: id) }
            await #expect(throws: missing) { try await store.assertions(as: String.self, of: Self.unknown, in: id) }
        }
    }

    @Test("a deleted store takes no writes")
    func deletedStore() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "gone").id
            let modelID = try await store.write(.example(), to: id)
            try await store.deleteStore(id)
            await #expect(throws: RelationshipStoreError.storeNotFound(id: id)) { try await store.write(.example(), to: id) }
            await #expect(throws: RelationshipStoreError.storeNotFound(id: id)) { try await store.model(modelID, in: id) }
            await #expect(throws: RelationshipStoreError.storeNotFound(id: id)) {
                try await store.write(TupleWrite(writes: [.example("document:a")]), to: id)
            }
        }
    }

    @Test("models are kept for ever, with growing ids, and come back as they were, the newest first")
    func models() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "models").id
            await #expect(throws: RelationshipStoreError.noModel(storeID: id)) { try await store.newestModel(in: id) }
            var ids: [String] = []
            for number in 0..<7 { ids.append(try await store.write(.example(lastRelation: "r\(number)"), to: id)) }
            #expect(ids == ids.sorted() && Set(ids).count == 7)
            let newest = try await store.newestModel(in: id)
            #expect(newest.id == ids[6] && newest.model.json() == AuthorizationModel.example(lastRelation: "r6").json())
            #expect(try await store.model(ids[2], in: id).model.json() == AuthorizationModel.example(lastRelation: "r2").json())

            let first = try await store.models(in: id, page: PageRequest(size: 3))
            #expect(first.elements.map(\.id) == [ids[6], ids[5], ids[4]])
            let second = try await store.models(in: id, page: PageRequest(size: 3, from: first.next))
            #expect(second.elements.map(\.id) == [ids[3], ids[2], ids[1]])
            let third = try await store.models(in: id, page: PageRequest(size: 3, from: second.next))
            #expect(third.elements.map(\.id) == [ids[0]] && third.next == nil)
        }
    }

    @Test("a model belongs to its store", arguments: [unknown, "x", "\0"])
    func foreignModels(id: String) async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let own = try await store.createStore(name: "own").id
            let other = try await store.createStore(name: "other").id
            let modelID = try await store.write(.example(), to: other)
            await #expect(throws: RelationshipStoreError.modelNotFound(id: modelID)) { try await store.model(modelID, in: own) }
            await #expect(throws: RelationshipStoreError.modelNotFound(id: id)) { try await store.model(id, in: own) }
            await #expect(throws: RelationshipStoreError.modelNotFound(id: modelID)) { try await store.writeAssertions(["a"], of: modelID, in: own) }
            #expect(try await store.assertions(as: String.self, of: modelID, in: own).isEmpty)
        }
    }

    @Test("a model is newer than one whose id comes from a clock that was ahead")
    func clockAhead() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "clock").id
            let ahead = ULID(at: Date(timeIntervalSinceNow: 86_400)).description
            try await store.pool.execute("UPDATE rebac_stores SET newest_model_id = \(ahead) WHERE id = \(id)")
            let later = try await store.write(.example(), to: id)
            #expect(later > ahead)
            #expect(try await store.newestModel(in: id).id == later)
        }
    }

    @Test("a model that this version does not understand says so")
    func unusableModel() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "future").id
            let modelID = try await store.write(.example(), to: id)
            try await store.pool.execute(#"UPDATE rebac_models SET model = '{"schema_version":"9.9","type_definitions":[]}'"#)
            let error = await #expect(throws: RelationshipStoreError.self) { try await store.newestModel(in: id) }
            guard case .unusableModel(modelID, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("assertions are replaced as a whole and kept as they were")
    func assertions() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "assertions").id
            let modelID = try await store.write(.example(), to: id)
            #expect(try await store.assertions(as: String.self, of: modelID, in: id).isEmpty)
            try await store.writeAssertions(["a", "b\0\"é"], of: modelID, in: id)
            #expect(try await store.assertions(as: String.self, of: modelID, in: id) == ["a", "b\0\"é"])
            try await store.writeAssertions([String](), of: modelID, in: id)
            #expect(try await store.assertions(as: String.self, of: modelID, in: id).isEmpty)
        }
    }

    @Test("two gateways make the tables at the same time")
    func migrations() async throws {
        try await TestDatabase.withPool(maximumConnections: 4) { pool async throws in
            let store = RelationshipStore(pool: pool)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await store.migrate() } }
                try await group.waitForAll()
            }
            #expect(try await store.stores(page: PageRequest(size: 1)).elements.isEmpty)
        }
    }
}
