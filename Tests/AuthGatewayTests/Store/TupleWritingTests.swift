import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Tuples written to PostgreSQL")
struct TupleWritingTests {
    private static func withStore(_ body: (RelationshipStore, String) async throws -> Void) async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            try await body(store, try await store.createStore(name: "tuples").id)
        }
    }

    private static let condition = TupleCondition(
        name: "in_time",
        context: [
            "now": .string("é\0\"\\"), "limits": .list([.number(1.5), .null, .bool(true)]),
            "of": .map(["a": .number(-0.25), "big": .number(1e300)]),
        ])

    @Test(
        "a tuple comes back as it was",
        arguments: [
            ("document:plan", "viewer", "user:anne"), ("document:plan", "viewer", "user:*"), ("document:plan", "viewer", "group:eng#member"),
            ("document:a/b|c'd\"é", "viewer", "user:{x},y\\z"), ("document:日本", "viewer", "user:@a"),
        ])
    func roundTrip(object: String, relation: String, user: String) async throws {
        try await Self.withStore { store, id async throws in
            let tuple = try RelationshipTuple.example(object, relation, user, Self.condition)
            #expect(try await store.write(TupleWrite(writes: [tuple]), to: id) == 1)
            let read = try await store.read(in: id, page: PageRequest(size: 10)).elements
            #expect(read.map(\.tuple) == [tuple])
            #expect(try await store.allChanges(in: id).map(\.tuple) == [tuple])
        }
    }

    @Test("deletes come before writes, in one step of the log each, in the order of the request")
    func order() async throws {
        try await Self.withStore { store, id async throws in
            let tuples = try (0..<6).map { try RelationshipTuple.example("document:\($0)") }
            #expect(try await store.write(TupleWrite(writes: Array(tuples[..<3])), to: id) == 3)
            #expect(try await store.write(TupleWrite(writes: Array(tuples[3...]), deletes: [tuples[1].key, tuples[0].key]), to: id) == 8)
            #expect(try await store.allTuples(in: id) == [tuples[2], tuples[3], tuples[4], tuples[5]])
            let changes = try await store.allChanges(in: id)
            #expect(changes.map(\.tuple.key.object.id) == ["0", "1", "2", "1", "0", "3", "4", "5"])
            #expect(changes.map(\.operation) == [.write, .write, .write, .delete, .delete, .write, .write, .write])
            #expect(changes.map(\.madeAt) == changes.map(\.madeAt).sorted())
        }
    }

    @Test("a duplicate or a missing tuple fails the whole request")
    func conflicts() async throws {
        try await Self.withStore { store, id async throws in
            let (one, two) = (try RelationshipTuple.example("document:1"), try RelationshipTuple.example("document:2"))
            try await store.write(TupleWrite(writes: [one]), to: id)
            let requests: [(TupleWrite, RelationshipStoreError)] = [
                (TupleWrite(writes: [two, one]), .tupleExists(one.key)),
                (TupleWrite(writes: [two], deletes: [one.key, try RelationshipTuple.example("document:3").key]),
                    .tupleMissing(try RelationshipTuple.example("document:3").key)),
                (TupleWrite(writes: [two], deletes: [try RelationshipTuple.example("document:3").key], onDuplicate: .ignore),
                    .tupleMissing(try RelationshipTuple.example("document:3").key)),
                (TupleWrite(writes: [two, one], onMissing: .ignore), .tupleExists(one.key)),
                (TupleWrite(writes: [two, two]), .repeatedTuple(two.key)),
                (TupleWrite(deletes: [one.key, one.key]), .repeatedTuple(one.key)),
                (TupleWrite(writes: [one], deletes: [one.key]), .repeatedTuple(one.key)),
                (TupleWrite(writes: [two, .init(key: two.key, condition: Self.condition)], onDuplicate: .ignore), .repeatedTuple(two.key)),
            ]
            for (request, error) in requests {
                await #expect(throws: error) { try await store.write(request, to: id) }
            }
            #expect(try await store.allTuples(in: id) == [one])
            #expect(try await store.allChanges(in: id).count == 1)
        }
    }

    @Test("what is ignored leaves no trace; only an equal tuple is ignored")
    func ignoring() async throws {
        try await Self.withStore { store, id async throws in
            let plain = try RelationshipTuple.example("document:1")
            let conditioned = try RelationshipTuple.example("document:2", "viewer", "user:anne", Self.condition)
            let absent = try RelationshipTuple.example("document:3")
            try await store.write(TupleWrite(writes: [plain, conditioned]), to: id)
            let write = TupleWrite(writes: [plain, conditioned], deletes: [absent.key], onDuplicate: .ignore, onMissing: .ignore)
            #expect(try await store.write(write, to: id) == 2)
            #expect(try await store.allChanges(in: id).count == 2)
            for changed in [
                RelationshipTuple(key: plain.key, condition: Self.condition), RelationshipTuple(key: conditioned.key),
                RelationshipTuple(key: conditioned.key, condition: TupleCondition(name: "in_time")),
            ] {
                await #expect(throws: RelationshipStoreError.conditionDiffers(changed.key)) {
                    try await store.write(TupleWrite(writes: [absent, changed], onDuplicate: .ignore), to: id)
                }
            }
            #expect(try await store.allTuples(in: id) == [plain, conditioned])
        }
    }

    @Test("texts that look alike but are other bytes are other tuples")
    func normalization() async throws {
        try await Self.withStore { store, id async throws in
            let (composed, decomposed) = (try RelationshipTuple.example("document:\u{E9}"), try RelationshipTuple.example("document:e\u{301}"))
            #expect(try await store.write(TupleWrite(writes: [composed, decomposed]), to: id) == 2)
            try await store.write(TupleWrite(deletes: [decomposed.key]), to: id)
            let left = try await store.allTuples(in: id)
            #expect(left.map { Array($0.key.object.id.utf8) } == [Array("\u{E9}".utf8)])
        }
    }

    @Test("a write that was checked against a model is refused when there is a newer one")
    func newerModel() async throws {
        try await Self.withStore { store, id async throws in
            let old = try await store.write(.example(), to: id)
            let tuple = try RelationshipTuple.example("document:1")
            try await store.write(TupleWrite(writes: [tuple]), to: id, checkedAgainst: old)
            let new = try await store.write(.example(lastRelation: "editor"), to: id)
            await #expect(throws: RelationshipStoreError.newestModelChanged(to: new)) {
                try await store.write(TupleWrite(deletes: [tuple.key]), to: id, checkedAgainst: old)
            }
            try await store.write(TupleWrite(deletes: [tuple.key]), to: id, checkedAgainst: new)
            #expect(try await store.allTuples(in: id).isEmpty)
        }
    }

    @Test("twenty writers leave a log without gaps whose end is what the tables have")
    func concurrency() async throws {
        try await RelationshipStore.withFreshTables(maximumConnections: 12) { store async throws in
            let id = try await store.createStore(name: "busy").id
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<20 {
                    group.addTask {
                        for round in 0..<10 {
                            let own = try RelationshipTuple.example("document:\(writer)-\(round)")
                            let shared = try RelationshipTuple.example("document:shared\(round)")
                            try await store.write(TupleWrite(writes: [own]), to: id)
                            // All want the same ones: one writes it, the others have it refused.
                            do { try await store.write(TupleWrite(writes: [shared]), to: id) } catch RelationshipStoreError.tupleExists {}
                            if round.isMultiple(of: 2) { try await store.write(TupleWrite(deletes: [own.key]), to: id) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let changes = try await store.allChanges(in: id)
            #expect(changes.count == 310, "200 of their own, 10 shared, 100 deleted")
            var replayed = Set<TupleKey>()
            for change in changes {
                switch change.operation {
                case .write: #expect(replayed.insert(change.tuple.key).inserted)
                case .delete: #expect(replayed.remove(change.tuple.key) != nil)
                }
            }
            #expect(try await Set(store.allTuples(in: id).map(\.key)) == replayed)
            let head = try await store.head(of: id)
            #expect(head.position == Int64(changes.count), "no gaps")
        }
    }
}
