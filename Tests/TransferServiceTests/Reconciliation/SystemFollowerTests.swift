import FoundationEssentials
import GoldcrestProtocol
import Synchronization
import Testing

@testable import TransferService

@Suite("Following the jobs of transfers")
struct SystemFollowerTests {
    private let store = InMemoryTransferTaskStore()

    private func follower(_ fake: FakeServices, owner: String = "me", in store: (any TransferTaskStore)? = nil) -> SystemFollower {
        SystemFollower(
            system: "cluster", tasks: store ?? self.store, services: fake.services, accounts: fake.accounts, owner: owner, logger: fake.logger)
    }

    private func insert(jobID: String?, user: String = "ada") async throws -> (id: UUID, jobName: String) {
        let id = UUID()
        _ = try await store.insert(
            NewTransferTask(
                id: id, system: "cluster", username: user, request: TransferRequest(operation: .rm, sourcePath: "/home/ada/x"),
                files: TransferJobFiles(workingDirectory: "/home/ada", outputLog: "/home/ada/o", errorLog: "/home/ada/e")))
        if let jobID { _ = try await store.markSubmitted(id, jobID: jobID) }
        return (id, TransferJobScript.jobName(of: id))
    }

    private func task(_ id: UUID) async throws -> TransferTask { try #require(try await store.find(id, username: "ada")) }

    @Test("a task goes with its job to the end")
    func course() async throws {
        try await FakeServices.with { fake async throws in
            let (id, name) = try await insert(jobID: "7")
            var follower = follower(fake)
            for (job, state) in [("PENDING", TransferTaskState.queued), ("RUNNING", .running), ("SOMETHING_NEW", .running), ("COMPLETED", .succeeded)] {
                fake.change { $0.jobs = [FakeServices.job("7", name, job)] }
                try await follower.look()
                #expect(try await task(id).state == state)
            }
            #expect(try await task(id).endedAt != nil)
        }
    }

    @Test("a job that fails or is cancelled says why", arguments: [("FAILED", TransferTaskState.failed), ("TIMEOUT", .failed), ("CANCELLED", .cancelled)])
    func failure(job: String, state: TransferTaskState) async throws {
        try await FakeServices.with { fake async throws in
            let (id, name) = try await insert(jobID: "7")
            fake.change { $0.jobs = [FakeServices.job("7", name, job, exitCode: 3)] }
            var follower = follower(fake)
            try await follower.look()
            let task = try await task(id)
            #expect(task.state == state)
            #expect(task.error?.contains("\(job) with exit code 3") == true)
        }
    }

    @Test("a job whose id was never written down is found by its name")
    func adoption() async throws {
        try await FakeServices.with { fake async throws in
            let (id, name) = try await insert(jobID: nil)
            fake.change { $0.jobs = [FakeServices.job("9", name, "RUNNING")] }
            var follower = follower(fake)
            try await follower.look()
            let task = try await task(id)
            #expect(task.jobID == "9" && task.state == .running)
            #expect(fake.state.submitted.isEmpty)
        }
    }

    @Test("another user's job of the same name and another job with the same number are not followed")
    func mistakenIdentity() async throws {
        try await FakeServices.with { fake async throws in
            let (id, name) = try await insert(jobID: "7")
            fake.change {
                $0.jobs = [
                    FakeServices.job("7", "simulation", "FAILED"), FakeServices.job("8", name, user: "eve", "FAILED"),
                    FakeServices.job("10", name, user: nil, "FAILED"),
                ]
            }
            var follower = follower(fake)
            try await follower.look()
            #expect(try await task(id).state == .submitted)
        }
    }

    @Test("a task without a job expires after some time, one whose job comes back does not", arguments: [nil, "7"] as [String?])
    func expiry(jobID: String?) async throws {
        try await FakeServices.with { fake async throws in
            let elapsed = Elapsed()
            let (id, name) = try await insert(jobID: jobID)
            var follower = follower(fake)
            follower.now = elapsed.now
            try await follower.look()
            elapsed.advance(by: .seconds(119))
            try await follower.look()
            fake.change { $0.jobs = [FakeServices.job("7", name, "RUNNING")] }
            elapsed.advance(by: .seconds(5))
            try await follower.look()
            #expect(try await task(id).state == .running)
            fake.change { $0.jobs = [] }
            try await follower.look()
            elapsed.advance(by: .seconds(119))
            try await follower.look()
            #expect(try await task(id).state == .running)
            elapsed.advance(by: .seconds(2))
            try await follower.look()
            let task = try await task(id)
            #expect(task.state == .expired && task.endedAt != nil && task.error != nil)
        }
    }

    @Test("a job that ended while nobody followed it is found in the longer history")
    func history() async throws {
        try await FakeServices.with { fake async throws in
            let elapsed = Elapsed()
            let (id, name) = try await insert(jobID: "7")
            fake.change { $0.oldJobs = [FakeServices.job("7", name, "COMPLETED")] }
            var follower = follower(fake)
            follower.now = elapsed.now
            try await follower.look()
            elapsed.advance(by: .seconds(121))
            try await follower.look()
            #expect(try await task(id).state == .succeeded)
        }
    }

    @Test("while the jobs cannot be read, no task changes")
    func unreachable() async throws {
        try await FakeServices.with { fake async throws in
            let elapsed = Elapsed()
            let (id, _) = try await insert(jobID: "7")
            fake.change { $0.jobs = ["garbage"] }
            var follower = follower(fake)
            follower.now = elapsed.now
            for _ in 0..<3 {
                await #expect(throws: APIError.self) { try await follower.look() }
                elapsed.advance(by: .seconds(1000))
            }
            #expect(try await task(id).state == .submitted)
        }
    }

    @Test("without open tasks the scheduler is left alone")
    func idle() async throws {
        try await FakeServices.with { fake async throws in
            var follower = follower(fake)
            try await follower.look()
            #expect(fake.state.asked.isEmpty)
        }
    }

    @Test("a second replica leaves the first one's tasks alone until it gives them up")
    func replicas() async throws {
        try await FakeServices.with { fake async throws in
            let (id, name) = try await insert(jobID: "7")
            fake.change { $0.jobs = [FakeServices.job("7", name, "PENDING")] }
            var one = follower(fake, owner: "one"), two = follower(fake, owner: "two")
            try await one.look()
            let asked = fake.state.asked.count
            try await two.look()
            #expect(fake.state.asked.count == asked)
            await one.release()
            fake.change { $0.jobs = [FakeServices.job("7", name, "COMPLETED")] }
            try await two.look()
            #expect(try await task(id).state == .succeeded)
        }
    }

    @Test("of a hundred thousand jobs only those of transfers are kept")
    func manyJobs() throws {
        let foreign = String(
            decoding: try JSONEncoder().encode(FakeServices.job("1", "simulation", user: "eve", "RUNNING")), as: UTF8.self)
        let own = String(
            decoding: try JSONEncoder().encode(FakeServices.job("2", TransferJobScript.jobName(of: UUID()), "RUNNING")), as: UTF8.self)
        let list = String(repeating: foreign + ",", count: 100_000) + own
        let start = ContinuousClock.now
        let jobs = try JSONDecoder().decode(TransferJobs.self, from: Data("{\"jobs\":[\(list)]}".utf8))
        #expect(jobs.count == 1)
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}

/// A clock that tests advance.
private final class Elapsed: Sendable {
    private let start = ContinuousClock.now
    private let elapsed = Mutex(Duration.zero)

    func advance(by duration: Duration) { elapsed.withLock { $0 += duration } }

    @Sendable func now() -> ContinuousClock.Instant { start + elapsed.withLock(\.self) }
}
