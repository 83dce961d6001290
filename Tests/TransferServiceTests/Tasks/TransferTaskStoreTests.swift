import FoundationEssentials
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import Testing

@testable import TransferService

@Suite("Transfer tasks")
struct TransferTaskStoreTests {
    private static let directives = TransferDirectives(
        transferMethod: .s3, downloadUrl: "https://s3/x?X-Amz-Signature=s", partsUploadUrls: ["https://s3/p"], completeUploadUrl: "https://s3/c",
        maxPartSize: 7, coordinates: "secret", wormholeCode: "7-code")

    @Test("a task goes from acceptance to its end, with the time of every step, and is found by its user only")
    func lifecycle() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = UUID()
            let accepted = try await store.insert(.example(id: id))
            #expect(accepted.state == .accepted && accepted.jobID == nil && accepted.endedAt == nil && accepted.attempts == 1)
            #expect(accepted.request == NewTransferTask.example().request)
            let submitted = try #require(try await store.markSubmitted(id, jobID: "4711"))
            #expect(submitted.jobID == "4711" && submitted.submittedAt != nil && submitted.startedAt == nil)
            func step(_ state: TransferTaskState) async throws -> TransferTask? {
                try await store.apply([.init(id, to: state)], keepingDownloadsFor: .zero).first
            }
            #expect(try await step(.queued)?.state == .queued)
            let running = try #require(try await step(.running))
            #expect(running.startedAt != nil)
            _ = try await step(.queued)
            #expect(try await step(.running)?.startedAt == running.startedAt, "the first start counts")
            let ended = try #require(try await step(.succeeded))
            #expect(ended.endedAt != nil && ended.error == nil && ended.jobID == "4711")
            #expect(try await store.find(id, username: "ada") == ended)
            #expect(try await store.find(id, username: "eve") == nil)
            #expect(try await store.find(UUID(), username: "ada") == nil)
        }
    }

    @Test("a step that is not allowed changes nothing")
    func forbiddenSteps() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = UUID()
            _ = try await store.insert(.example(id: id))
            func apply(_ state: TransferTaskState, jobID: String? = nil) async throws -> Int {
                try await store.apply([.init(id, to: state, jobID: jobID)], keepingDownloadsFor: .zero).count
            }
            #expect(try await apply(.running) == 0, "no job, nothing runs")
            #expect(try await apply(.submitted) == 0, "submitting takes a job's id")
            #expect(try await apply(.submitted, jobID: "1") == 1)
            #expect(try await store.markSubmitted(id, jobID: "2") == nil)
            #expect(try await apply(.submitted, jobID: "2") == 0)
            #expect(try await store.fail(id, error: "disk\0 full")?.error == "disk full", "PostgreSQL holds no NUL")
            #expect(try await apply(.succeeded) == 0, "an end is final")
            let found = try #require(try await store.find(id, username: "ada"))
            #expect(found.state == .failed && found.jobID == "1" && found.error == "disk full")
        }
    }

    @Test("many tasks change in one statement, each by its own step; a job that is seen is adopted on the way")
    func manyChanges() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            var ids: [UUID] = []
            for _ in 0..<5 { ids.append(try await store.insert(.example()).id) }
            _ = try await store.markSubmitted(ids[0], jobID: "1")
            let changed = try await store.apply(
                [
                    .init(ids[0], to: .failed, error: "it's \"broken\", {really}\\"), .init(ids[1], to: .running, jobID: "2"),
                    .init(ids[2], to: .submitted, jobID: "3"), .init(ids[3], to: .succeeded), .init(UUID(), to: .failed, error: "unknown"),
                ], keepingDownloadsFor: .zero)
            #expect(Set(changed.map(\.id)) == Set(ids[..<3]))
            let tasks = try await store.tasks().reversed().map { [$0.state.rawValue, $0.jobID, $0.error] }
            #expect(
                tasks == [
                    ["failed", "1", "it's \"broken\", {really}\\"], ["running", "2", nil], ["submitted", "3", nil], ["accepted", nil, nil],
                    ["accepted", nil, nil],
                ])
            #expect(try await store.apply([], keepingDownloadsFor: .zero).isEmpty)
        }
    }

    @Test("while a task may still be submitted, nobody but its submitter ends it without a job, and nobody takes it over")
    func submission() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = try await store.insert(.example(), submissionWithin: .seconds(60)).id
            func lost() async throws -> Bool {
                try await !store.apply([.init(id, to: .failed, error: "lost")], keepingDownloadsFor: .zero).isEmpty
            }
            #expect(try await !lost())
            #expect(try await store.takeOverSubmission(of: id, within: .seconds(60)) == nil)
            #expect(try await store.leaseOpenTasks(system: "cluster", owner: "x", for: .seconds(60), limit: 9).map(\.isSubmissionOver) == [false])
            try await store.giveUpSubmission(of: id)
            #expect(try await store.leaseOpenTasks(system: "cluster", owner: "x", for: .seconds(60), limit: 9).map(\.isSubmissionOver) == [true])
            #expect(try await store.takeOverSubmission(of: id, within: .seconds(60))?.attempts == 2)
            #expect(try await store.takeOverSubmission(of: id, within: .seconds(60)) == nil)
            #expect(try await !lost())
            try await store.giveUpSubmission(of: id)
            #expect(try await lost())
            #expect(try await store.takeOverSubmission(of: id, within: .seconds(60)) == nil)
        }
    }

    @Test("a task is taken over by one of ten who try at once")
    func concurrentTakeOver() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = try await store.insert(.example()).id
            let taken = try await withThrowingTaskGroup(of: TransferTask?.self) { group in
                for _ in 0..<10 { group.addTask { try await store.takeOverSubmission(of: id, within: .seconds(60)) } }
                return try await group.reduce(into: [TransferTask]()) { taken, task in if let task { taken.append(task) } }
            }
            #expect(taken.map(\.attempts) == [2])
        }
    }

    // MARK: - Keys

    @Test("a user's key makes one task, another user's is another")
    func idempotency() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let first: TransferTask = try await store.insert(.example(key: "k"))
            #expect(try await store.insert(.example(key: "k"), submissionWithin: .zero) == .existing(first))
            #expect(try await store.insert(.example(key: "k", source: "/else"), submissionWithin: .zero) == .existing(first))
            #expect(try await store.insert(.example(system: "other", key: "k"), submissionWithin: .zero) == .existing(first))
            guard case .inserted = try await store.insert(.example(of: "eve", key: "k"), submissionWithin: .zero) else {
                Issue.record("another user's key is another key")
                return
            }
            for _ in 0..<2 { _ = try await store.insert(.example()) }
            #expect(try await store.tasks().count == 3)
        }
    }

    @Test("the same key used ten times at once makes one task")
    func concurrentIdempotency() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let ids = try await withThrowingTaskGroup(of: UUID.self) { group in
                for _ in 0..<10 { group.addTask { try await store.insert(.example(key: "k")).id } }
                return try await group.reduce(into: Set<UUID>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
        }
    }

    @Test("a task that never had a job gives its key back, unless it was refused")
    func freeKeys() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let refusal = TransferRefusal(APIError(.badRequest, "no\0pe", causes: ["a \" b"], fields: [.init(location: .body, name: "x", message: "y")]))
            let refused = try await store.insert(.example(key: "refused")).id
            #expect(try await store.fail(refused, error: "nope", refusal: refusal)?.refusal?.message == "nope")
            let again = try #require(try await store.find(idempotencyKey: "refused", username: "ada"))
            #expect(again.id == refused && again.refusal?.apiError.fields == refusal.fields && again.refusal?.causes == refusal.causes)

            let lost = try await store.insert(.example(key: "lost")).id
            _ = try await store.fail(lost, error: "S3 does not answer")
            #expect(try await store.find(idempotencyKey: "lost", username: "ada") == nil)
            #expect(try await store.find(lost, username: "ada")?.error == "S3 does not answer")

            let done = try await store.insert(.example(key: "done")).id
            _ = try await store.apply([.init(done, to: .failed, jobID: "1", error: "x")], keepingDownloadsFor: .zero)
            #expect(try await store.find(idempotencyKey: "done", username: "ada")?.id == done)
        }
    }

    // MARK: - What is staged

    @Test("with its end a task loses what lets somebody use its file, and what it has staged is due; a download's only when there was time to fetch it")
    func secretsAndStagedObjects() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            func ended(_ operation: TransferOperation, _ state: TransferTaskState, staged: Bool = true, timeToFetch: Duration = .seconds(3600)) async throws -> UUID {
                let new = NewTransferTask.example(operation, key: UUID().uuidString, staged: staged)
                let task: TransferTask = try await store.insert(new)
                try await store.notePreparation(of: task.id, directives: Self.directives, staged: new.staged)
                _ = try await store.apply([.init(task.id, to: state, jobID: "1")], keepingDownloadsFor: timeToFetch)
                return task.id
            }
            func directives(_ id: UUID) async throws -> TransferDirectives? {
                let key = try #require(try await store.find(id, username: "ada")?.idempotencyKey)
                return try await store.find(idempotencyKey: key, username: "ada")?.directives
            }
            let harmless = TransferDirectives(transferMethod: .s3, maxPartSize: 7)
            let running = try await ended(.upload, .running)
            let upload = try await ended(.upload, .succeeded)
            let failed = try await ended(.download, .failed)
            let direct = try await ended(.download, .succeeded, staged: false)
            let fetchable = try await ended(.download, .succeeded)
            let fetched = try await ended(.download, .succeeded, timeToFetch: .zero)
            for id in [running, fetchable, fetched] { #expect(try await directives(id) == Self.directives) }
            for id in [upload, failed, direct] { #expect(try await directives(id) == harmless) }

            #expect(try await store.nextClearing(system: "cluster") != nil)
            #expect(try await store.leaseTasksToClear(system: "other", limit: 10).isEmpty)
            let due = try await store.leaseTasksToClear(system: "cluster", limit: 10)
            #expect(Set(due.map(\.id)) == [upload, failed, fetched])
            #expect(due.allSatisfy { $0.staged?.uploadID == "u" })
            #expect(try await store.leaseTasksToClear(system: "cluster", limit: 10).isEmpty, "they are somebody's")
            try await store.cleared([upload, fetched])
            #expect(try await store.find(upload, username: "ada")?.staged == nil)
            #expect(try await directives(fetched) == harmless)
            #expect(try await store.find(failed, username: "ada")?.staged != nil)
        }
    }

    @Test("what could not be cleared away is tried again, after longer and longer pauses")
    func clearingAgain() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = try await store.insert(.example(.upload, staged: true)).id
            _ = try await store.fail(id, error: "x")
            var pauses: [Int] = []
            for _ in 0..<12 {
                #expect(try await store.leaseTasksToClear(system: "cluster", limit: 10).map(\.id) == [id])
                let row = try await store.pool.query(
                    "SELECT round(extract(epoch FROM clear_at - now()))::bigint AS pause FROM transfer_tasks WHERE id = \(id)")
                pauses.append(try #require(try row.first?.decode("pause", as: Int.self)))
                try await store.pool.execute("UPDATE transfer_tasks SET clear_at = now() WHERE id = \(id)")
            }
            #expect(pauses == [60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600, 21600])
        }
    }

    @Test("tasks that ended long ago are forgotten, except those that still have something staged")
    func retention() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let old = try await store.insert(.example()).id
            let staged = try await store.insert(.example(.upload, staged: true)).id
            let fresh = try await store.insert(.example()).id
            let open = try await store.insert(.example()).id
            for id in [old, staged, fresh] { _ = try await store.fail(id, error: "x") }
            try await store.pool.execute("UPDATE transfer_tasks SET ended_at = now() - interval '91 days' WHERE id = ANY(\([old, staged].map(\.uuidString))::uuid[])")
            #expect(try await store.deleteTasks(endedBefore: .seconds(90 * 86400), limit: 10) == 1)
            #expect(try await Set(store.tasks().map(\.id)) == [staged, fresh, open])
            try await store.cleared([staged])
            #expect(try await store.deleteTasks(endedBefore: .seconds(90 * 86400), limit: 10) == 1)
        }
    }

    // MARK: - Listing

    @Test("a list has one user's tasks on one system, the newest first, by state and operation")
    func list() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            var ids: [UUID] = []
            for operation in [TransferOperation.cp, .mv, .rm] { ids.append(try await store.insert(.example(operation)).id) }
            _ = try await store.insert(.example(of: "eve"))
            _ = try await store.insert(.example(system: "other"))
            _ = try await store.fail(ids[1], error: "x")
            func list(_ states: Set<TransferTaskState> = [], _ operation: TransferOperation? = nil) async throws -> [UUID] {
                let listing = TransferTaskListing(username: "ada", system: "cluster", states: states, operation: operation, limit: 10)
                return try await store.list(listing).map(\.id)
            }
            #expect(try await list() == ids.reversed())
            #expect(try await list([.accepted]) == [ids[2], ids[0]])
            #expect(try await list([.accepted, .failed]) == ids.reversed())
            #expect(try await list([.failed], .mv) == [ids[1]])
            #expect(try await list([], .rm) == [ids[2]])
            #expect(try await list([.running]).isEmpty)
        }
    }

    @Test("pages are without gaps or repetitions, also where many tasks have the same time and new ones come")
    func pages() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            var ids = Set<UUID>()
            for _ in 0..<23 { ids.insert(try await store.insert(.example()).id) }
            try await store.pool.execute("UPDATE transfer_tasks SET created_at = '2026-03-01 12:00:00.123457+00' WHERE created_at > (SELECT min(created_at) FROM transfer_tasks)")
            var seen: [UUID] = []
            var listing = TransferTaskListing(username: "ada", system: "cluster", limit: 5)
            while true {
                let page = try await store.list(listing)
                seen += page.map(\.id)
                guard let last = page.last else { break }
                let cursor = try #require(TransferTaskCursor(TransferTaskCursor(after: last).text))
                listing.after = cursor
                _ = try await store.insert(.example())
            }
            #expect(seen.count == 23 && Set(seen) == ids)
        }
    }

    @Test("what is no cursor is none", arguments: ["", "x", "_", "1", "-1_\(UUID())", "99999999999999999999_\(UUID())", "1_2", "1_\(UUID())_"])
    func cursors(text: String) {
        #expect(TransferTaskCursor(text) == nil)
    }

    // MARK: - Leases

    @Test("an open task is leased by one owner at a time, until it is released, ends or its lease runs out")
    func leases() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            var ids: [UUID] = []
            for _ in 0..<4 { ids.append(try await store.insert(.example()).id) }
            _ = try await store.insert(.example(system: "other"))
            func lease(_ owner: String, _ duration: Duration = .seconds(60), limit: Int = 10) async throws -> [UUID] {
                try await store.leaseOpenTasks(system: "cluster", owner: owner, for: duration, limit: limit).map(\.id)
            }
            #expect(try await lease("one", limit: 2) == [ids[0], ids[1]])
            #expect(try await lease("two") == [ids[2], ids[3]])
            #expect(try await lease("three").isEmpty)
            #expect(try await lease("one", limit: 2) == [ids[0], ids[1]], "what it holds comes again")

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

    @Test("a lease is renewed when half of it is over, and not written before")
    func renewal() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = try await store.insert(.example()).id
            func expiry(after duration: Duration) async throws -> Date {
                #expect(try await store.leaseOpenTasks(system: "cluster", owner: "one", for: duration, limit: 10).map(\.id) == [id])
                let rows = try await store.pool.query("SELECT lease_expires_at FROM transfer_tasks")
                return try #require(rows.first).decode("lease_expires_at")
            }
            let first = try await expiry(after: .seconds(60))
            #expect(try await expiry(after: .seconds(60)) == first)
            #expect(try await expiry(after: .seconds(200)) > first + 100)
        }
    }

    @Test("replicas that lease at once never get the same task")
    func concurrentLeases() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            for _ in 0..<40 { _ = try await store.insert(.example()) }
            let leased = try await withThrowingTaskGroup(of: [UUID].self) { group in
                for owner in 0..<8 {
                    group.addTask {
                        try await store.leaseOpenTasks(system: "cluster", owner: "replica-\(owner)", for: .seconds(60), limit: 10).map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(leased).count == leased.count)
            // A replica that finds rows of another's locked takes fewer; the next round finds the rest.
            var rest: [UUID] = []
            for owner in 0..<8 {
                rest += try await store.leaseOpenTasks(system: "cluster", owner: "replica-\(owner)", for: .seconds(60), limit: 10).map(\.id)
            }
            #expect(rest.count == 40 && Set(rest).count == 40)
        }
    }

    @Test("whoever listens is told of new tasks and of changed ones", .timeLimit(.minutes(1)))
    func notifications() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            var opened = store.openedSystems().makeAsyncIterator()
            var changed = store.changedTasks().makeAsyncIterator()
            #expect(await opened.next() == .reconnected)
            #expect(await changed.next() == .reconnected)
            // The channels are those of the whole database: tests beside this one notify them, too.
            func comes(_ payload: String, _ notifications: inout AsyncStream<PostgresNotification>.Iterator) async -> Bool {
                while let notification = await notifications.next() {
                    if notification == .received(payload: payload) { return true }
                }
                return false
            }
            let system = "system-\(UUID())"
            let id = try await store.insert(.example(system: system)).id
            #expect(await comes(system, &opened))
            _ = try await store.markSubmitted(id, jobID: "1")
            #expect(await comes(id.uuidString.lowercased(), &changed))
            _ = try await store.apply([.init(id, to: .running)], keepingDownloadsFor: .zero)
            #expect(await comes(id.uuidString.lowercased(), &changed))
        }
    }

    // MARK: - The table

    @Test("the table itself refuses what no code should write")
    func constraints() async throws {
        try await TransferTaskStore.withFreshTable { store async throws in
            let id = try await store.insert(.example()).id
            for statement: SQL in [
                "UPDATE transfer_tasks SET state = 'lost' WHERE id = \(id)",
                "UPDATE transfer_tasks SET state = 'failed' WHERE id = \(id)",
                "UPDATE transfer_tasks SET ended_at = now() WHERE id = \(id)",
                "UPDATE transfer_tasks SET state = 'running' WHERE id = \(id)",
                "UPDATE transfer_tasks SET lease_owner = 'me' WHERE id = \(id)",
                "UPDATE transfer_tasks SET clear_at = now() WHERE id = \(id)",
            ] {
                let error = await #expect(throws: PostgresError.self) { try await store.pool.execute(statement) }
                #expect(error?.sqlState == .checkViolation)
            }
        }
    }

    @Test("eight replicas that start at once make the table once, and tasks of the version before stay")
    func concurrentMigrations() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            let pools = (0..<8).map { _ in PostgresPool(url: url, maximumConnections: 1, logger: TestDatabase.quiet) }
            try await pools[0].migrate(TransferTaskStore.migrations.filter { $0.id < 3 }, of: "transfer_tasks")
            let id = UUID()
            try await pools[0].execute(
                """
                INSERT INTO transfer_tasks (id, system, username, operation, source_path, dereference, state, working_directory, output_log, error_log)
                VALUES (\(id), 'cluster', 'ada', 'cp', '/home/ada/"x"', true, 'accepted', 'w', 'o', 'e')
                """)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for pool in pools { group.addTask { try await TransferTaskStore(pool: pool).migrate() } }
                try await group.waitForAll()
            }
            let task = try #require(try await TransferTaskStore(pool: pools[1]).find(id, username: "ada"))
            #expect(task.request == TransferRequest(operation: .cp, sourcePath: "/home/ada/\"x\"", dereference: true))
            #expect(task.submissionEndsAt > task.createdAt + 60, "the version before may still be submitting it")
            let applied = try await pools[2].query("SELECT id FROM goldcrest_migrations WHERE owner = 'transfer_tasks' ORDER BY id")
            #expect(try applied.map { try $0.decode("id", as: Int.self) } == [1, 2, 3])
            for pool in pools { await pool.close() }
        }
    }
}
