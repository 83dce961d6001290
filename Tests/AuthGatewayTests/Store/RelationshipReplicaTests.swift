import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("The replica of the relationships")
struct RelationshipReplicaTests {
    @Test("before anything is read, nothing is known, and readiness says so")
    func notLoaded() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let replica = RelationshipReplica(store: store, seed: nil, maxStaleness: .seconds(300), logger: TestDatabase.quiet)
            let error = #expect(throws: RelationshipStoreError.self) { try replica.snapshot(of: ULID().description) }
            guard case .notLoaded = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(replica.problem?.contains("not read yet") == true)
            #expect(replica.goldcrestStoreID == nil)
        }
    }

    @Test("what was there at the start is known, and what others change soon after, in all stores")
    func following() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "a").id
            let modelID = try await store.write(.example(), to: id)
            try await store.write(TupleWrite(writes: [.example("document:1"), .example("document:2")]), to: id)
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { try replica.documents(in: id, among: ["1", "2", "3"]) == ["1", "2"] }
                #expect(try replica.snapshot(of: id).newestModel().id == modelID)
                #expect(replica.problem == nil)

                try await store.write(TupleWrite(writes: [.example("document:3")], deletes: [RelationshipTuple.example("document:1").key]), to: id)
                try await eventually(within: .seconds(1)) { try replica.documents(in: id, among: ["1", "2", "3"]) == ["2", "3"] }
                let newer = try await store.write(.example(lastRelation: "editor"), to: id)
                try await eventually(within: .seconds(1)) { try replica.snapshot(of: id).newestModel().id == newer }

                let other = try await store.createStore(name: "b").id
                try await store.write(TupleWrite(writes: [.example("document:b")]), to: other)
                try await eventually(within: .seconds(1)) { try replica.documents(in: other, among: ["b", "2"]) == ["b"] }
                try await store.deleteStore(id)
                try await eventually(within: .seconds(1)) { (try? replica.snapshot(of: id)) == nil }
                #expect(throws: RelationshipStoreError.storeNotFound(id: id)) { try replica.snapshot(of: id) }
            }
        }
    }

    @Test("after a refresh one's own write is known, without waiting for a notification")
    func readYourWrites() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "own").id
            try await RelationshipReplica.following(store) { replica async throws in
                for number in 0..<30 {
                    try await store.write(TupleWrite(writes: [.example("document:\(number)")]), to: id)
                    try await replica.refresh(within: .seconds(10))
                    #expect(try replica.documents(in: id, among: ["\(number)"]) == ["\(number)"])
                }
            }
        }
    }

    @Test("two replicas see each other's writes within a second")
    func twoReplicas() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            let pools = (0..<2).map { _ in PostgresPool(url: url, maximumConnections: 2, logger: TestDatabase.quiet) }
            let stores = pools.map(RelationshipStore.init(pool:))
            try await stores[0].migrate()
            let id = try await stores[0].createStore(name: "shared").id
            try await RelationshipReplica.following(stores[0]) { first async throws in
                try await RelationshipReplica.following(stores[1]) { second async throws in
                    for replica in [first, second] { try await eventually { (try? replica.snapshot(of: id)) != nil } }
                    for round in 0..<5 {
                        try await stores[round % 2].write(TupleWrite(writes: [.example("document:\(round)")]), to: id)
                        for replica in [first, second] {
                            try await eventually(within: .seconds(1)) { try replica.documents(in: id, among: ["\(round)"]) == ["\(round)"] }
                        }
                    }
                }
            }
            for pool in pools { await pool.close() }
        }
    }

    @Test("a follower misses nothing of what twenty writers do at the same time, and every state that it shows is one that there was")
    func concurrentWriters() async throws {
        try await RelationshipStore.withFreshTables(maximumConnections: 12) { store async throws in
            let id = try await store.createStore(name: "busy").id
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { (try? replica.snapshot(of: id)) != nil }
                let watching = Task {
                    var states = 0
                    var last: Int64 = 0
                    while !Task.isCancelled {
                        let snapshot = try replica.snapshot(of: id)
                        // Every writer adds two at a time, and takes one of them away later: a half of a write would show.
                        #expect(snapshot.position >= last)
                        last = snapshot.position
                        for writer in 0..<20 {
                            let left = try RelationshipTuple.example("document:\(writer)-last-a").key
                            let right = try RelationshipTuple.example("document:\(writer)-last-b").key
                            #expect((snapshot.tuples[left] == nil) == (snapshot.tuples[right] == nil))
                        }
                        states += 1
                        try? await Task.sleep(for: .milliseconds(2))
                    }
                    return states
                }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<20 {
                        group.addTask {
                            for round in 0..<10 {
                                let tuple = try RelationshipTuple.example("document:\(writer)-\(round)")
                                try await store.write(TupleWrite(writes: [tuple]), to: id)
                                if !round.isMultiple(of: 3) { try await store.write(TupleWrite(deletes: [tuple.key]), to: id) }
                            }
                            try await store.write(
                                TupleWrite(writes: [.example("document:\(writer)-last-a"), .example("document:\(writer)-last-b")]), to: id)
                        }
                    }
                    try await group.waitForAll()
                }
                try await replica.refresh(within: .seconds(20))
                watching.cancel()
                #expect(try await watching.value > 0)
                let snapshot = try replica.snapshot(of: id)
                let stored = try await store.allTuples(in: id)
                #expect(snapshot.tuples.count == stored.count && stored.count == 20 * 6)
                for tuple in stored where snapshot.tuples[tuple.key] != tuple { Issue.record("\(tuple.key) is missing") }
                #expect(try await store.head(of: id).position == snapshot.position)
            }
        }
    }

    @Test("a replica that starts while others write ends where they do")
    func startDuringWrites() async throws {
        try await RelationshipStore.withFreshTables(maximumConnections: 8) { store async throws in
            let id = try await store.createStore(name: "busy").id
            for part in 0..<5 {
                try await store.write(TupleWrite(writes: (0..<1000).map { try .example("document:\(part)-\($0)") }), to: id)
            }
            let writing = Task {
                var number = 0
                while !Task.isCancelled {
                    // Written again, a tuple moves to the end of what is read.
                    let tuple = try RelationshipTuple.example("document:\(number % 5)-\(number % 1000)")
                    try await store.write(TupleWrite(deletes: [tuple.key]), to: id)
                    if !number.isMultiple(of: 4) { try await store.write(TupleWrite(writes: [tuple]), to: id) }
                    number += 1
                }
            }
            for _ in 0..<5 {
                try await RelationshipReplica.following(store) { replica async throws in
                    try await eventually { (try? replica.snapshot(of: id)) != nil }
                    try await replica.refresh(within: .seconds(20))
                }
            }
            writing.cancel()
            _ = try? await writing.value
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { (try? replica.snapshot(of: id)) != nil }
                try await replica.refresh(within: .seconds(20))
                let stored = try await store.allTuples(in: id, pageSize: 10_000)
                let snapshot = try replica.snapshot(of: id)
                #expect(snapshot.tuples.count == stored.count)
                for tuple in stored where snapshot.tuples[tuple.key] != tuple { Issue.record("\(tuple.key) is missing") }
            }
        }
    }

    @Test("models are compiled once, found by id, and belong to their store")
    func models() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "models").id
            let other = try await store.createStore(name: "other").id
            let old = try await store.write(.example(), to: id)
            let new = try await store.write(.example(lastRelation: "editor"), to: id)
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { (try? replica.snapshot(of: id)) != nil }
                #expect(try await replica.model(nil, in: id).id == new)
                #expect(try await replica.model(new, in: id).id == new)
                for _ in 0..<2 { #expect(try await replica.model(old, in: id).compiled.model.json() == AuthorizationModel.example().json()) }
                await #expect(throws: RelationshipStoreError.modelNotFound(id: old)) { try await replica.model(old, in: other) }
                await #expect(throws: RelationshipStoreError.modelNotFound(id: "x")) { try await replica.model("x", in: id) }
                await #expect(throws: RelationshipStoreError.noModel(storeID: other)) { try await replica.model(nil, in: other) }
            }
        }
    }

    @Test("a newest model that this version does not understand stops its own store only")
    func unusableModel() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "future").id
            let fine = try await store.createStore(name: "fine").id
            let modelID = try await store.write(.example(), to: id)
            let fineID = try await store.write(.example(), to: fine)
            try await store.pool.execute(#"UPDATE rebac_models SET model = '{"schema_version":"9.9"}' WHERE id = \#(modelID)"#)
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually { (try? replica.snapshot(of: fine)) != nil }
                #expect(try replica.snapshot(of: fine).newestModel().id == fineID)
                let error = #expect(throws: RelationshipStoreError.self) { try replica.snapshot(of: id).newestModel() }
                guard case .unusableModel(modelID, _) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("a bounded number of models is kept, the ones asked for last")
    func modelCache() throws {
        let cache = ModelCache(capacity: 2)
        let model = try CompiledModel(.example())
        for id in ["a", "b"] { cache.keep(UsableModel(id: id, compiled: model), in: "s") }
        #expect(cache.model("a", in: "s") != nil)
        cache.keep(UsableModel(id: "c", compiled: model), in: "s")
        #expect(cache.model("b", in: "s") == nil)
        #expect(cache.model("a", in: "s")?.id == "a" && cache.model("c", in: "s")?.id == "c")
        #expect(cache.model("a", in: "t") == nil)
    }
}
