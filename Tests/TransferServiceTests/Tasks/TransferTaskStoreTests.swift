import FoundationEssentials
import GoldcrestPostgres
import PostgresTesting
import Testing

@testable import TransferService

/// One suite for every implementation, so that the double cannot drift from the real thing.
@Suite("Transfer tasks")
struct TransferTaskStoreTests {
    enum Implementation: CaseIterable {
        case postgres, inMemory

        func withStore(_ body: (any TransferTaskStore) async throws -> Void) async throws {
            switch self {
            case .inMemory:
                try await body(InMemoryTransferTaskStore())
            case .postgres:
                try await TestDatabase.withPool { pool async throws in
                    let store = PostgresTransferTaskStore(pool: pool)
                    try await store.migrate()
                    try await body(store)
                }
            }
        }
    }

    private func task(
        _ username: String = "ada", id: UUID = UUID(), system: String = "cluster", key: String? = nil, source: String? = "/home/ada/a b"
    ) -> NewTransferTask {
        NewTransferTask(
            id: id, system: system, username: username, request: TransferRequest(operation: .cp, sourcePath: source, targetPath: "/scratch/'x'"),
            idempotencyKey: key,
            files: TransferJobFiles(workingDirectory: "/home/ada", outputLog: "/home/ada/out.log", errorLog: "/home/ada/err.log"))
    }

    @Test("a task goes from acceptance to its end and is found by its user only", arguments: Implementation.allCases)
    func lifecycle(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            let id = UUID()
            let accepted = try await store.insert(task(id: id)).task
            #expect(accepted.state == .accepted && accepted.jobID == nil && accepted.endedAt == nil)
            #expect(accepted.request == task().request)
            #expect(try await store.markSubmitted(id, jobID: "4711")?.jobID == "4711")
            #expect(try await store.update(id, to: .queued, error: nil)?.state == .queued)
            #expect(try await store.update(id, to: .running, error: nil)?.state == .running)
            let ended = try #require(try await store.update(id, to: .succeeded, error: nil))
            #expect(ended.endedAt != nil && ended.error == nil && ended.jobID == "4711")
            #expect(try await store.find(id, username: "ada") == ended)
            #expect(try await store.find(id, username: "eve") == nil)
            #expect(try await store.find(UUID(), username: "ada") == nil)
        }
    }

    @Test("a step that is not allowed changes nothing", arguments: Implementation.allCases)
    func forbiddenSteps(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            let id = UUID()
            _ = try await store.insert(task(id: id))
            #expect(try await store.update(id, to: .running, error: nil) == nil, "no job, nothing runs")
            #expect(try await store.update(id, to: .submitted, error: nil) == nil, "submitting takes a job's id")
            #expect(try await store.markSubmitted(id, jobID: "1") != nil)
            #expect(try await store.markSubmitted(id, jobID: "2") == nil)
            #expect(try await store.fail(id, error: "disk full")?.error == "disk full")
            #expect(try await store.update(id, to: .succeeded, error: nil) == nil, "an end is final")
            let found = try #require(try await store.find(id, username: "ada"))
            #expect(found.state == .failed && found.jobID == "1" && found.error == "disk full")
        }
    }

    @Test("a user's key makes one task, another user's is another", arguments: Implementation.allCases)
    func idempotency(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            let first = try await store.insert(task(key: "k"))
            #expect(try await store.insert(task(key: "k")) == .existing(first.task))
            let different = try await store.insert(task(key: "k", source: "/else"))
            #expect(different == .existing(first.task))
            #expect(different.task.request != task(key: "k", source: "/else").request)
            guard case .inserted = try await store.insert(task("eve", key: "k")) else {
                Issue.record("another user's key is another key")
                return
            }
            for _ in 0..<2 { _ = try await store.insert(task()) }
            #expect(try await store.list(username: "ada", system: "cluster", limit: 10).count == 3)
        }
    }

    @Test("the same key used ten times at once makes one task")
    func concurrentIdempotency() async throws {
        try await Implementation.postgres.withStore { store async throws in
            let ids = try await withThrowingTaskGroup(of: UUID.self) { group in
                for _ in 0..<10 { group.addTask { [task = task(id: UUID(), key: "k")] in try await store.insert(task).task.id } }
                return try await group.reduce(into: Set<UUID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
        }
    }

    @Test("a list has one user's tasks on one system, the newest first", arguments: Implementation.allCases)
    func list(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            var ids: [UUID] = []
            for _ in 0..<3 { ids.append(try await store.insert(task()).task.id) }
            _ = try await store.insert(task("eve"))
            _ = try await store.insert(task(system: "other"))
            #expect(try await store.list(username: "ada", system: "cluster", limit: 10).map(\.id) == ids.reversed())
            #expect(try await store.list(username: "ada", system: "cluster", limit: 2).map(\.id) == Array(ids.reversed().prefix(2)))
        }
    }

    @Test("an open task is leased by one owner at a time, until it is released, ends or its lease runs out", arguments: Implementation.allCases)
    func leases(_ implementation: Implementation) async throws {
        try await implementation.withStore { store async throws in
            var ids: [UUID] = []
            for _ in 0..<4 { ids.append(try await store.insert(task()).task.id) }
            _ = try await store.insert(task(system: "other"))
            func lease(_ owner: String, _ duration: Duration = .seconds(60), limit: Int = 10) async throws -> [UUID] {
                try await store.leaseOpenTasks(system: "cluster", owner: owner, for: duration, limit: limit).map(\.id)
            }
            #expect(try await lease("one", limit: 2) == [ids[0], ids[1]])
            #expect(try await lease("two") == [ids[2], ids[3]])
            #expect(try await lease("three").isEmpty)
            #expect(try await lease("one", limit: 2) == [ids[0], ids[1]], "the owner renews its own")

            try await store.release([ids[0], ids[2]], owner: "one")
            #expect(try await lease("three") == [ids[0]], "only its owner releases a lease")
            _ = try await store.fail(ids[0], error: "x")
            #expect(try await lease("three").isEmpty, "an ended task is nobody's")

            try await store.release([ids[1]], owner: "one")
            #expect(try await lease("crashing", .milliseconds(50)) == [ids[1]])
            let limit = ContinuousClock.now + .seconds(10)
            var taken: [UUID] = []
            while taken.isEmpty && ContinuousClock.now < limit {
                taken = try await lease("three")
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(taken == [ids[1]], "a lease that nobody renews runs out")
        }
    }

    @Test("replicas that lease at once never get the same task")
    func concurrentLeases() async throws {
        try await Implementation.postgres.withStore { store async throws in
            for _ in 0..<40 { _ = try await store.insert(task()) }
            let leased = try await withThrowingTaskGroup(of: [UUID].self) { group in
                for owner in 0..<8 {
                    group.addTask {
                        try await store.leaseOpenTasks(system: "cluster", owner: "replica-\(owner)", for: .seconds(60), limit: 10).map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(leased).count == leased.count)
            #expect(leased.count == 40)
        }
    }

    @Test("the table itself refuses what no code should write")
    func constraints() async throws {
        try await TestDatabase.withPool { pool async throws in
            try await PostgresTransferTaskStore(pool: pool).migrate()
            let store = PostgresTransferTaskStore(pool: pool)
            let id = try await store.insert(task()).task.id
            for statement: SQL in [
                "UPDATE transfer_tasks SET state = 'lost' WHERE id = \(id)",
                "UPDATE transfer_tasks SET state = 'failed' WHERE id = \(id)",
                "UPDATE transfer_tasks SET ended_at = now() WHERE id = \(id)",
                "UPDATE transfer_tasks SET state = 'running' WHERE id = \(id)",
                "UPDATE transfer_tasks SET lease_owner = 'me' WHERE id = \(id)",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await pool.execute(statement) }
                #expect(error?.sqlState == .checkViolation)
            }
        }
    }
}
