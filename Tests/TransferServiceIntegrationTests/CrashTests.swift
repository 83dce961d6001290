import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import StackTesting
import Testing

@Suite("A transfer-service that is killed")
struct CrashTests {
    /// Where a request is when its service is killed.
    enum Point: String, CaseIterable, Sendable {
        case beforeInsertion
        /// The task is written down; the submission never arrives.
        case beforeSubmission
        /// The task is written down; the submission arrives at compute-service after its sender's death.
        case duringSubmission
        /// The scheduler has the job, nobody has written down so.
        case beforeRecord
        case afterwards

        var held: HoldingProxy.Call {
            switch self {
            case .beforeInsertion: .init(method: .get, pathSuffix: "/ops/stat", side: .request)
            case .beforeSubmission, .duringSubmission: .init(method: .post, pathSuffix: "/jobs", side: .request)
            case .beforeRecord: .init(method: .post, pathSuffix: "/jobs", side: .answer)
            // Nothing: the request is answered.
            case .afterwards: .init(method: .post, pathSuffix: "/nothing", side: .request)
            }
        }

        var fate: HoldingProxy.Fate {
            switch self {
            case .beforeInsertion, .duringSubmission: .passed
            case .beforeSubmission, .beforeRecord, .afterwards: .dropped
            }
        }
    }

    /// One request of which a service died.
    private struct Victim: Sendable {
        var point: Point
        var name: String
        /// Without a key nobody can send the request again; then the reconciler alone sees to the task.
        var key: String?
    }

    private static let killsOfEachPoint = 20

    @Test("killed at any point, no job is submitted twice and no task is stuck; a request sent again is done exactly once", .timeLimit(.minutes(15)))
    func kills() async throws {
        try await TransferFixture.with { fixture async throws in
            let victims = Point.allCases.flatMap { point in
                (0..<Self.killsOfEachPoint).map { number in
                    let name = "\(point.rawValue)-\(number)"
                    return Victim(point: point, name: name, key: number.isMultiple(of: 2) ? "\(fixture.directory)/\(name)" : nil)
                }
            }
            try await victims.forEach(atOnce: 4) { try await Self.kill(at: $0, fixture) }

            // All who can, send their request again until it is answered, as clients do that get no answer.
            try await victims.filter { $0.key != nil }.forEach(atOnce: 8) { victim in
                try await eventually(within: .seconds(400), "the repeated request of \(victim.name) is answered") {
                    let answer = try await Self.move(victim, fixture, at: nil)
                    if answer.status == .conflict { return false }
                    guard answer.status == .created else { throw Unexpected(description: "\(victim.name): \(answer)") }
                    return true
                }
            }
            try await eventually(within: .seconds(400), "all tasks end") { try await fixture.tasks().allSatisfy(\.hasEnded) }
            for victim in victims { try await Self.check(victim, fixture) }
        }
    }

    /// Sends a request to a service of its own, and kills that when the request is at its point.
    private static func kill(at victim: Victim, _ fixture: TransferFixture) async throws {
        try Data(victim.name.utf8).write(to: URL(filePath: "\(fixture.directory)/\(victim.name)"))
        let client = fixture.client
        try await HoldingProxy.with(holding: victim.point.held, stack: fixture.stack, client: client) { proxy, url async throws in
            let service = try await TransferProcess.start(databaseURL: fixture.databaseURL, others: url, client: client)
            async let answer = Self.move(victim, fixture, at: service.url)
            if victim.point == .afterwards {
                let status = try await answer.status
                #expect(status == .created)
                try await service.kill()
            } else {
                try await proxy.holds()
                try await service.kill()
                _ = try? await answer
                try await proxy.end(victim.point.fate)
            }
        }
    }

    private static func move(_ victim: Victim, _ fixture: TransferFixture, at url: String?) async throws -> Answer {
        try await fixture.transfer(
            "mv",
            ["path": .string("\(fixture.directory)/\(victim.name)"), "targetPath": .string("\(fixture.directory)/\(victim.name) moved")],
            key: victim.key, at: url)
    }

    private static func check(_ victim: Victim, _ fixture: TransferFixture) async throws {
        let tasks = try await fixture.tasks(of: "\(fixture.directory)/\(victim.name)")
        let jobs = try await tasks.map(\.id).asyncMap { try await fixture.jobs(of: $0) }
        #expect(jobs.allSatisfy { $0.count <= 1 }, "\(victim.name): two jobs of one task: \(jobs)")
        for (task, jobs) in zip(tasks, jobs) where jobs.isEmpty {
            #expect(task.row.state == "failed" && task.row.error?.contains("never submitted") == true, "\(victim.name): \(task.row)")
        }
        for (task, jobs) in zip(tasks, jobs) where !jobs.isEmpty {
            #expect(task.row.state == "succeeded" && task.row.jobID == jobs.first, "\(victim.name): \(task.row), \(jobs)")
        }
        let wasSent = victim.key != nil || ![.beforeInsertion, .beforeSubmission].contains(victim.point)
        #expect(jobs.joined().count == (wasSent ? 1 : 0), "\(victim.name): \(tasks)")
        if victim.point == .beforeInsertion && victim.key == nil { #expect(tasks.isEmpty) } else { #expect(!tasks.isEmpty) }
        let files = FileManager.default
        #expect(files.fileExists(atPath: "\(fixture.directory)/\(victim.name) moved") == wasSent)
        #expect(files.fileExists(atPath: "\(fixture.directory)/\(victim.name)") == !wasSent)
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}

extension TransferFixture {
    /// The tasks that were to do something with a path.
    fileprivate func tasks(of path: String) async throws -> [(id: UUID, row: TaskRow)] {
        try await database { pool in
            try await pool.query(
                """
                SELECT id, state, job_id, ended_at IS NOT NULL AS ended, error FROM transfer_tasks WHERE request->>'sourcePath' = \(path)
                """
            ).map { row in
                (
                    try row.decode("id"),
                    TaskRow(
                        state: try row.decode("state"), jobID: try row.decode("job_id"), hasEnded: try row.decode("ended"), error: try row.decode("error"))
                )
            }
        }
    }

    /// The ids of the jobs that the scheduler knows of a task, waiting, running or ended.
    fileprivate func jobs(of task: UUID) async throws -> [String] {
        let answer = try await compute(.get, "jobs?name=goldcrest-transfer-\(task.uuidString.lowercased())")
        return try answer.decoded(JobsAnswer.self).jobs.map(\.jobId)
    }
}
