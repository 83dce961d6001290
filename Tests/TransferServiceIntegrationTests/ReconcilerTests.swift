import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import StackTesting
import Synchronization
import Testing

@Suite("Reconciling transfers with the scheduler's jobs")
struct ReconcilerTests {
    private static let waiting: @Sendable (inout Cluster) -> Void = { $0.dataOperation.datatransferJobsDirectives.append("#SBATCH --begin=now+1hour") }

    /// Who follows each task that goes on.
    private func owners(_ fixture: TransferFixture) async throws -> [String: String] {
        try await fixture.database { pool in
            let rows = try await pool.query(
                "SELECT id::text AS id, lease_owner FROM transfer_tasks WHERE lease_owner IS NOT NULL AND lease_expires_at > now() AND ended_at IS NULL")
            return Dictionary(try rows.map { (try $0.decode("id", as: String.self), try $0.decode("lease_owner", as: String.self)) }) { $1 }
        }
    }

    @Test("a short job's end is known within seconds")
    func soon() async throws {
        try await TransferFixture.with { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let jobID = try #require(task.jobId)
            try await eventually(within: .seconds(60), "the job is over") { try await fixture.compute(.get, "jobs/\(jobID)").text.contains("COMPLETED") }
            let start = ContinuousClock.now
            try await eventually(within: .seconds(60), "the task is over") { try await fixture.show(task.id).state == "succeeded" }
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("of two replicas one follows a task at a time; when it stops, the other goes on at once")
    func replicas() async throws {
        try await TransferFixture.with(changing: Self.waiting) { one async throws in
            let ids = Mutex<[String]>([])
            try await TransferFixture.with(databaseURL: one.databaseURL, changing: Self.waiting) { two async throws in
                for number in 0..<6 {
                    let task = try await (number.isMultiple(of: 2) ? one : two).removal(of: "\(number)")
                    ids.withLock { $0.append(task.id) }
                }
                let first = try await eventually("every task is followed") {
                    let owners = try await owners(one)
                    return owners.count == 6 ? owners : nil
                }
                // Through several rounds of both.
                for _ in 0..<40 {
                    let current = try await owners(one)
                    #expect(current == first)
                    try await Task.sleep(for: .milliseconds(250))
                }
                try await eventually(within: .seconds(30), "the jobs were seen waiting") {
                    let seen = try await one.tasks(query: ["state": "queued"]).decoded(ShownTasks.self)
                    return seen.tasks.count == 6
                }
            }
            // The second one has stopped and given its leases back.
            let left = Set(try await owners(one).values)
            #expect(left.count <= 1)
            for id in ids.withLock({ $0 }) {
                let answer = try await one.tasks(.delete, "/\(id)")
                #expect(answer.status == .noContent)
            }
        }
    }

    @Test("a service that ends gives its leases back")
    func release() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            try await TransferFixture.with(databaseURL: url, changing: Self.waiting) { fixture async throws in
                let task = try await fixture.removal(of: "file")
                try await eventually("the task is followed") { try await owners(fixture)[task.id] != nil }
            }
            try await TransferFixture.with(databaseURL: url, computeURL: "http://127.0.0.1:1") { fixture async throws in
                // Whoever comes next has it at once, and not only when the lease has run out.
                try await eventually(within: .seconds(10), "the task is followed again") { try await owners(fixture).count == 1 }
            }
        }
    }

    @Test("a job cancelled by the user's own scancel ends its task")
    func cancelledJob() async throws {
        try await TransferFixture.with(changing: Self.waiting) { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let jobID = try #require(task.jobId)
            let answer = try await fixture.compute(.delete, "jobs/\(jobID)")
            #expect(answer.status == .noContent)
            let row = try await fixture.end(of: jobID)
            #expect(row.state == "cancelled" && row.error?.hasPrefix("The job was cancelled") == true)
        }
    }

    @Test("while compute-service is away tasks wait, and end when it is back")
    func computeAway() async throws {
        try await TestDatabase.withFreshSchema { url async throws in
            try await TransferFixture.with(databaseURL: url, computeURL: "http://127.0.0.1:1") { blind async throws in
                try await TransferFixture.with(databaseURL: url) { fixture async throws in
                    let task = try await fixture.removal(of: "file")
                    let jobID = try #require(task.jobId)
                    let row = try await fixture.end(of: jobID)
                    #expect(row.state == "succeeded")
                    _ = blind
                }
            }
        }
    }
}
