import FoundationEssentials
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import Synchronization
import Testing

@testable import TransferService

@Suite("Clearing away what is staged")
struct StagingClearanceTests {
    /// A storage that fails for some tasks.
    private final class FaultyStorage: StagingStorage {
        let failing: Mutex<Set<UUID>> = Mutex([])
        let cleared: Mutex<[UUID]> = Mutex([])

        func clear(_ staged: StagedObject, of taskID: UUID, deadline: Duration) async throws {
            if failing.withLock({ $0.contains(taskID) }) { throw APIError(.badGateway, "the storage is away") }
            cleared.withLock { $0.append(taskID) }
        }
    }

    private func with(
        _ body: @Sendable (TransferTaskStore, PostgresPool, FaultyStorage, StagingClearance) async throws -> Void
    ) async throws {
        try await TestDatabase.withPool { pool in
            let store = TransferTaskStore(pool: pool)
            try await store.migrate()
            let storage = FaultyStorage()
            try await body(store, pool, storage, StagingClearance(storages: ["cluster": storage], tasks: store, logger: TestDatabase.quiet))
        }
    }

    private func insert(_ operation: TransferOperation, endingAs state: TransferTaskState?, in store: TransferTaskStore) async throws -> UUID {
        let id = UUID()
        let _: TransferTask = try await store.insert(
            NewTransferTask(
                id: id, system: "cluster", username: "ada", request: TransferRequest(operation: operation),
                files: TransferJobFiles(workingDirectory: "/w", outputLog: "/o", errorLog: "/e"),
                staged: StagedObject(bucket: "ada", key: "\(id.uuidString.lowercased())/file")), submissionWithin: .seconds(60))
        _ = try await store.markSubmitted(id, jobID: "7")
        if let state { _ = try await store.apply([.init(id, to: state)], keepingDownloadsFor: .seconds(600)) }
        return id
    }

    @Test("what has ended is cleared at once, a download that succeeded when its time is over, what goes on not at all")
    func due() async throws {
        try await with { store, pool, storage, clearance in
            var expected: Set<UUID> = []
            for operation in [TransferOperation.upload, .download] {
                for state in [TransferTaskState.failed, .cancelled, .expired] { expected.insert(try await insert(operation, endingAs: state, in: store)) }
                _ = try await insert(operation, endingAs: nil, in: store)
            }
            expected.insert(try await insert(.upload, endingAs: .succeeded, in: store))
            let kept = try await insert(.download, endingAs: .succeeded, in: store)
            let pause = try await clearance.round(storage, of: "cluster")
            #expect(Set(storage.cleared.withLock { $0 }) == expected)
            // It is looked at again for the download's sake, though not so late.
            #expect(pause == .seconds(60))
            for id in expected {
                let task = try await store.find(id, username: "ada")
                #expect(task?.staged == nil)
            }
            try await pool.execute("UPDATE transfer_tasks SET clear_at = now() WHERE id = \(kept)")
            _ = try await clearance.round(storage, of: "cluster")
            #expect(storage.cleared.withLock { $0.last } == kept)
        }
    }

    @Test("what cannot be cleared away holds nothing else up, and is tried again later")
    func faults() async throws {
        try await with { store, pool, storage, clearance in
            let bad = try await insert(.upload, endingAs: .failed, in: store)
            storage.failing.withLock { _ = $0.insert(bad) }
            var good: Set<UUID> = []
            for _ in 0..<30 { good.insert(try await insert(.upload, endingAs: .failed, in: store)) }
            await #expect(throws: APIError.self) { _ = try await clearance.round(storage, of: "cluster") }
            while Set(storage.cleared.withLock { $0 }) != good { _ = try await clearance.round(storage, of: "cluster") }
            var task = try await store.find(bad, username: "ada")
            #expect(task?.staged != nil)
            storage.failing.withLock { $0 = [] }
            try await pool.execute("UPDATE transfer_tasks SET clear_at = now() WHERE id = \(bad)")
            _ = try await clearance.round(storage, of: "cluster")
            task = try await store.find(bad, username: "ada")
            #expect(task?.staged == nil)
        }
    }
}
