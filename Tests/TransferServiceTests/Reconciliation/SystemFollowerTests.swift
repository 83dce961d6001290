import FoundationEssentials
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import PostgresTesting
import Synchronization
import Testing

@testable import TransferService

@Suite("Following the jobs of transfers")
struct SystemFollowerTests {
    /// The services around one follower, tables of its own, and its time.
    private struct Fixture: Sendable {
        let fake: FakeServices
        let pool: PostgresPool
        let store: TransferTaskStore
        let elapsed = Elapsed()

        static func with(_ body: @escaping @Sendable (Fixture) async throws -> Void) async throws {
            try await TestDatabase.withPool { pool in
                let store = TransferTaskStore(pool: pool)
                try await store.migrate()
                try await FakeServices.with { fake async throws in
                    try await body(Fixture(fake: fake, pool: pool, store: store))
                }
            }
        }

        func follower(_ owner: String = "me") -> SystemFollower {
            var follower = SystemFollower(
                cluster: fake.cluster, tasks: store, services: fake.services, accounts: fake.accounts, owner: owner, logger: fake.logger)
            follower.now = elapsed.now
            return follower
        }

        /// A task that was accepted, and submitted if it has a job.
        func insert(jobID: String?, user: String = "ada") async throws -> (id: UUID, jobName: String) {
            let id = UUID()
            let _: TransferTask = try await store.insert(
                NewTransferTask(
                    id: id, system: "cluster", username: user, request: TransferRequest(operation: .rm, sourcePath: "/home/ada/x"),
                    files: TransferJobFiles(workingDirectory: "/home/ada", outputLog: "/home/ada/o", errorLog: "/home/ada/e")),
                submissionWithin: .seconds(60))
            if let jobID { _ = try await store.markSubmitted(id, jobID: jobID) }
            return (id, TransferJobScript.jobName(of: id))
        }

        func endSubmission(of id: UUID) async throws {
            try await pool.execute("UPDATE transfer_tasks SET submission_ends_at = now() WHERE id = \(id)")
        }

        func task(_ id: UUID) async throws -> TransferTask { try #require(try await store.find(id, username: "ada")) }

        func queries() -> [String] { fake.state.asked.filter { $0.hasPrefix("GET /compute/cluster/jobs") } }
    }

    /// Rounds until the job's time has come.
    private func look(_ follower: inout SystemFollower, _ fixture: Fixture, after time: Duration = .seconds(15)) async throws {
        _ = try await follower.round()
        fixture.elapsed.advance(by: time)
        _ = try await follower.round()
    }

    private func failure(of follower: inout SystemFollower) async -> (any Error)? {
        do {
            _ = try await follower.round()
            return nil
        } catch {
            return error
        }
    }

    @Test("a task goes with its job to the end")
    func course() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: "7")
            var follower = fixture.follower()
            for (job, state) in [("PENDING", TransferTaskState.queued), ("RUNNING", .running), ("SOMETHING_NEW", .running), ("COMPLETED", .succeeded)] {
                fixture.fake.change { $0.jobs = [FakeServices.job("7", name, job)] }
                try await look(&follower, fixture)
                #expect(try await fixture.task(id).state == state)
            }
            #expect(try await fixture.task(id).endedAt != nil)
            let pause1 = try await follower.round().pause
            #expect(pause1 == nil)
        }
    }

    @Test("a job is looked at a second after its submission, and at least every quarter of a minute")
    func pace() async throws {
        try await Fixture.with { fixture async throws in
            let (_, name) = try await fixture.insert(jobID: "7")
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, "PENDING")] }
            var follower = fixture.follower()
            let pause2 = try await follower.round().pause
            #expect(pause2 == .seconds(1))
            #expect(fixture.queries().isEmpty)
            fixture.elapsed.advance(by: .seconds(1))
            let pause3 = try await follower.round().pause
            #expect(pause3 == .seconds(1))
            #expect(fixture.queries().count == 1)
            // Long in the queue.
            fixture.elapsed.advance(by: .seconds(50))
            let pause4 = try await follower.round().pause
            #expect(pause4 == .seconds(5))
            fixture.elapsed.advance(by: .seconds(1000))
            let pause5 = try await follower.round().pause
            #expect(pause5 == .seconds(15))
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, "RUNNING")] }
            fixture.elapsed.advance(by: .seconds(15))
            let round = try await follower.round()
            #expect(round.changed.map(\.state) == [.running])
            #expect(round.pause == .seconds(1))
        }
    }

    @Test("known jobs are asked for by their ids, all in one query")
    func batch() async throws {
        try await Fixture.with { fixture async throws in
            var names: [String] = []
            for number in 1...5 { names.append(try await fixture.insert(jobID: "\(number)").jobName) }
            fixture.fake.change { $0.jobs = names.enumerated().map { FakeServices.job("\($0 + 1)", $1, "COMPLETED") } }
            var follower = fixture.follower()
            _ = try await follower.round()
            fixture.elapsed.advance(by: .seconds(1))
            let round = try await follower.round()
            #expect(round.changed.count == 5 && round.changed.allSatisfy { $0.state == .succeeded })
            let query = try #require(fixture.queries().first)
            #expect(fixture.queries().count == 1)
            #expect((1...5).allSatisfy { query.contains("\($0)") } && query.contains("ids=") && query.contains("allusers=true"))
        }
    }

    @Test("a job that fails or is cancelled says why", arguments: [
        ("FAILED", TransferTaskState.failed, "The job failed: state FAILED, exit code 3; see /home/ada/e on the system"),
        ("TIMEOUT", .failed, "The job ran out of its time limit: state TIMEOUT, exit code 3; see /home/ada/e on the system"),
        ("CANCELLED", .cancelled, "The job was cancelled"),
    ])
    func failure(job: String, state: TransferTaskState, words: String) async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: "7")
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, job, exitCode: 3)] }
            var follower = fixture.follower()
            try await look(&follower, fixture)
            let task = try await fixture.task(id)
            #expect(task.state == state)
            #expect(task.error == words)
        }
    }

    @Test("a job whose id was never written down is found by its name")
    func adoption() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: nil)
            fixture.fake.change { $0.jobs = [FakeServices.job("9", name, "RUNNING")] }
            var follower = fixture.follower()
            try await look(&follower, fixture)
            let task = try await fixture.task(id)
            #expect(task.jobID == "9" && task.state == .running)
            #expect(fixture.queries().allSatisfy { $0.contains("time_window=1h") })
            #expect(fixture.fake.state.submitted.isEmpty)
        }
    }

    @Test("a job whose id was never written down is found in a state that means no step, too")
    func adoptionInUnknownState() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: nil)
            fixture.fake.change { $0.jobs = [FakeServices.job("9", name, "SOMETHING_NEW")] }
            var follower = fixture.follower()
            try await look(&follower, fixture)
            let task = try await fixture.task(id)
            #expect(task.jobID == "9" && task.state == .submitted)
        }
    }

    @Test("another user's job of the same name and another job with the same number are not followed")
    func mistakenIdentity() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: "7")
            fixture.fake.change {
                $0.jobs = [
                    FakeServices.job("7", "simulation", "FAILED"), FakeServices.job("8", name, user: "eve", "FAILED"),
                    FakeServices.job("10", name, user: nil, "FAILED"),
                ]
            }
            var follower = fixture.follower()
            try await look(&follower, fixture)
            #expect(try await fixture.task(id).state == .submitted)
        }
    }

    @Test("a task whose submission may still have an effect is not given up, one whose submission is over fails")
    func neverSubmitted() async throws {
        try await Fixture.with { fixture async throws in
            let (id, _) = try await fixture.insert(jobID: nil)
            var follower = fixture.follower()
            for _ in 0..<3 { try await look(&follower, fixture, after: .seconds(1000)) }
            #expect(try await fixture.task(id).state == .accepted)
            try await fixture.endSubmission(of: id)
            try await look(&follower, fixture, after: .seconds(100_000))
            let task = try await fixture.task(id)
            #expect(task.state == .failed && task.error?.contains("never submitted") == true)
            #expect(fixture.queries().last?.contains("time_window=7d") == true)
        }
    }

    @Test("a submission that nobody wrote down and a job that ended while nobody looked are found in the longer history")
    func history() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: nil)
            try await fixture.endSubmission(of: id)
            fixture.fake.change { $0.oldJobs = [FakeServices.job("7", name, "COMPLETED")] }
            var follower = fixture.follower()
            try await look(&follower, fixture)
            #expect(try await fixture.task(id).state == .succeeded)
        }
    }

    @Test("a job that the scheduler does not show for long expires its task, one that shows again does not")
    func expiry() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: "7")
            var follower = fixture.follower()
            try await look(&follower, fixture)
            fixture.elapsed.advance(by: .seconds(119))
            _ = try await follower.round()
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, "RUNNING")] }
            fixture.elapsed.advance(by: .seconds(15))
            _ = try await follower.round()
            #expect(try await fixture.task(id).state == .running)
            fixture.fake.change { $0.jobs = [] }
            try await look(&follower, fixture)
            fixture.elapsed.advance(by: .seconds(119))
            _ = try await follower.round()
            #expect(try await fixture.task(id).state == .running)
            fixture.elapsed.advance(by: .seconds(15))
            _ = try await follower.round()
            let task = try await fixture.task(id)
            #expect(task.state == .expired && task.endedAt != nil && task.error?.contains("does not know the job any more") == true)
        }
    }

    @Test("while the jobs cannot be read, no task changes")
    func unreachable() async throws {
        try await Fixture.with { fixture async throws in
            let (id, _) = try await fixture.insert(jobID: "7")
            fixture.fake.change { $0.jobs = ["goldcrest-transfer-garbage"] }
            var follower = fixture.follower()
            _ = try await follower.round()
            for _ in 0..<3 {
                fixture.elapsed.advance(by: .seconds(1000))
                let error = await failure(of: &follower)
                #expect(error is APIError)
            }
            #expect(try await fixture.task(id).state == .submitted)
        }
    }

    @Test("without open tasks the scheduler is left alone")
    func idle() async throws {
        try await Fixture.with { fixture async throws in
            var follower = fixture.follower()
            let pause6 = try await follower.round().pause
            #expect(pause6 == nil)
            #expect(fixture.fake.state.asked.isEmpty)
        }
    }

    @Test("a second replica leaves the first one's tasks alone until it gives them up")
    func replicas() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: "7")
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, "PENDING")] }
            var one = fixture.follower("one"), two = fixture.follower("two")
            try await look(&one, fixture)
            let asked = fixture.queries().count
            try await look(&two, fixture)
            #expect(fixture.queries().count == asked)
            await one.release()
            fixture.fake.change { $0.jobs = [FakeServices.job("7", name, "COMPLETED")] }
            try await look(&two, fixture)
            #expect(try await fixture.task(id).state == .succeeded)
        }
    }

    @Test("of a hundred thousand jobs only those of transfers are kept")
    func manyJobs() async throws {
        try await Fixture.with { fixture async throws in
            let (id, name) = try await fixture.insert(jobID: nil)
            let foreign = FakeServices.job("1", "simulation", user: "eve", "RUNNING")
            fixture.fake.change { $0.jobs = Array(repeating: foreign, count: 100_000) + [FakeServices.job("2", name, "RUNNING")] }
            let jobs = try await TransferJobs(
                .init(.get, .compute, "/compute/cluster/jobs", system: "cluster", query: [("time_window", "1h")]), by: fixture.fake.services,
                as: .init(user: "srv", token: "t"), deadline: .seconds(60))
            #expect(jobs.count == 1)
            #expect(jobs.job(of: id, user: "ada", jobID: nil)?.jobId == "2")
        }
    }
}

/// A clock that tests advance.
private final class Elapsed: Sendable {
    private let start = ContinuousClock.now
    private let elapsed = Mutex(Duration.zero)

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    @Sendable func now() -> ContinuousClock.Instant { start + elapsed.withLock(\.self) }
}
