import Foundation
import GoldcrestPostgres
import PostgresTesting
import ReBAC
import Testing

@testable import AuthGateway

@Suite("Reading many tuples at the start")
struct ReplicaLoadingTests {
    /// 200,000, or as many as `GOLDCREST_TUPLES` says, for a measurement by hand.
    private static let count = ProcessInfo.processInfo.environment["GOLDCREST_TUPLES"].flatMap { Int($0) } ?? 200_000

    @Test("hundreds of thousands of tuples are read in batches, all of them")
    func loading() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "large").id
            let head = try await store.head(of: id)
            try await store.pool.execute(
                """
                INSERT INTO rebac_tuples (store, object_type, object_id, relation, "user", position, written_at)
                SELECT \(head.number), 'document', 'doc-' || n, 'viewer', 'user:u' || n % 50000, n, now() FROM generate_series(1, \(Self.count)) n
                """, deadline: .seconds(120))
            try await store.pool.execute("UPDATE rebac_stores SET position = \(Self.count) WHERE id = \(id)")
            let start = ContinuousClock.now
            try await RelationshipReplica.following(store) { replica async throws in
                try await eventually(within: .seconds(120)) { (try? replica.snapshot(of: id)) != nil }
                let snapshot = try replica.snapshot(of: id)
                print("read \(snapshot.tuples.count) tuples in \(ContinuousClock.now - start)")
                #expect(snapshot.tuples.count == Self.count && snapshot.position == Int64(Self.count))
                for number in [1, Self.count / 2, Self.count] {
                    let key = try TupleKey(object: "document:doc-\(number)", relation: "viewer", user: "user:u\(number % 50000)")
                    #expect(snapshot.tuples[key] != nil)
                }
                try await store.write(TupleWrite(writes: [.example("document:late")]), to: id)
                try await eventually(within: .seconds(5)) { try replica.documents(in: id, among: ["late"]) == ["late"] }
            }
        }
    }

    @Test("a replica that was away for thousands of changes catches up in batches, to one state")
    func catchingUp() async throws {
        try await RelationshipStore.withFreshTables { store async throws in
            let id = try await store.createStore(name: "days").id
            let tuples = try (0..<3000).map { try RelationshipTuple.example("document:\($0)") }
            try await store.write(TupleWrite(writes: Array(tuples[..<1000])), to: id)
            let then = try #require(try await StoreState.current(try await store.head(of: id), from: nil, in: store))
            for part in 1..<3 { try await store.write(TupleWrite(writes: Array(tuples[(part * 1000)..<((part + 1) * 1000)])), to: id) }
            try await store.write(TupleWrite(deletes: tuples[500..<2500].map(\.key)), to: id)
            let head = try await store.head(of: id)
            // In batches that are smaller than what there is to read.
            var position = then.head.position
            var batches = 0
            while position < head.position {
                let batch = try await store.changes(of: head, after: position, limit: 700)
                #expect(batch.elements.count <= 700)
                position = try #require(batch.lastPosition)
                batches += 1
            }
            #expect(batches == 6)
            let now = try #require(try await StoreState.current(head, from: then, in: store))
            #expect(now.tuples.count == 1000 && then.tuples.count == 1000, "the earlier state stays as it was")
            #expect(now.tuples[tuples[2999].key] != nil && now.tuples[tuples[600].key] == nil && then.tuples[tuples[600].key] != nil)
        }
    }
}
