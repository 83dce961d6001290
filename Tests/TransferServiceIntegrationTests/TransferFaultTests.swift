import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import StackTesting
import Synchronization
import Testing

@Suite("Transfers when something fails")
struct TransferFaultTests {
    @Test("while compute-service cannot be reached the task waits, and says nothing of a job")
    func noComputeService() async throws {
        try await TransferFixture.with(computeURL: "http://127.0.0.1:1") { fixture async throws in
            try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/file"))
            #expect(try await fixture.transfer("rm", ["path": .string("\(fixture.directory)/file")]).status == .badGateway)
            #expect(try await fixture.tasks() == [.init(state: "accepted", jobID: nil, hasEnded: false, error: nil)])
        }
    }

    @Test("what the scheduler refuses fails the task, with the scheduler's words")
    func refusedByScheduler() async throws {
        try await TransferFixture.with(changing: { $0.dataOperation.datatransferJobsDirectives = ["#SBATCH --partition=nosuch"] }) { fixture async throws in
            try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/file"))
            let answer = try await fixture.transfer("rm", ["path": .string("\(fixture.directory)/file")])
            #expect(answer.status == .badRequest)
            #expect(answer.error?.message.contains("partition") == true)
            let task = try #require(try await fixture.tasks().first)
            #expect(task.state == "failed" && task.hasEnded && task.error?.contains("partition") == true)
        }
    }

    @Test("a job that was submitted before a crash is adopted by its name, not submitted again")
    func adoption() async throws {
        try await TransferFixture.with { fixture async throws in
            let id = UUID()
            let (system, user, home) = (fixture.system, fixture.user, fixture.home)
            let job: JSONValue = [
                "name": .string("goldcrest-transfer-\(id.uuidString.lowercased())"), "workingDirectory": .string(fixture.directory),
                "script": "#!/bin/bash\ntrue\n",
            ]
            let answer = try await fixture.compute(.post, "jobs", json: ["job": job])
            let jobID = try JSONDecoder().decode(JobSubmissionAnswer.self, from: Data(answer.bytes)).jobId
            _ = try await fixture.database { pool in
                try await pool.execute(
                    """
                    INSERT INTO transfer_tasks (id, system, username, request, state, working_directory, output_log, error_log)
                    VALUES (\(id), \(system), \(user), '{"operation": "rm"}', 'accepted', \(home), 'o', 'e')
                    """)
            }
            #expect(try await fixture.end(of: jobID).state == "succeeded")
            #expect(try await fixture.tasks().count == 1)
        }
    }

    @Test("two replicas follow the tasks together and do not disturb each other")
    func replicas() async throws {
        try await TransferFixture.with { one async throws in
            try await TransferFixture.with(databaseURL: one.databaseURL) { two async throws in
                var jobs: [String] = []
                for number in 0..<6 {
                    let fixture = number.isMultiple(of: 2) ? one : two
                    let path = "\(fixture.directory)/\(number)"
                    try Data().write(to: URL(filePath: path))
                    jobs.append(try await fixture.transfer("rm", ["path": .string(path)]).job().jobId)
                }
                #expect(Set(jobs).count == 6)
                for job in jobs { #expect(try await one.end(of: job).state == "succeeded") }
                #expect(try await one.tasks().count == 6)
            }
        }
    }

    @Test("without the database transfers answer 503, and work again afterwards")
    func databaseAway() async throws {
        let server = try await PostgresServer.start()
        try await TransferFixture.with(databaseURL: server.url) { fixture async throws in
            func remove(_ name: String) async throws -> HTTPResponse.Status {
                try Data().write(to: URL(filePath: "\(fixture.directory)/\(name)"))
                return try await fixture.transfer("rm", ["path": .string("\(fixture.directory)/\(name)")]).status
            }
            #expect(try await remove("before") == .ok)
            try await server.pause()
            #expect(try await remove("while") == .serviceUnavailable)
            try await eventually(within: .seconds(120), "the service says that it is not ready") { try await !fixture.isReady() }
            try await server.resume()
            try await eventually(within: .seconds(120), "transfers work again") { try await remove("after") == .ok }
            try await eventually(within: .seconds(120), "all tasks end") { try await fixture.tasks().allSatisfy { $0.state == "succeeded" } }
        }
    }

    @Test(
        "when the database stops and starts under load, what was acknowledged is done exactly once, and what was not is not done",
        .timeLimit(.minutes(12)))
    func databaseAwayUnderLoad() async throws {
        let server = try await PostgresServer.start()
        try await TransferFixture.with(databaseURL: server.url) { fixture async throws in
            let requests = RequestLog()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<16 { group.addTask { try await Self.moveFiles(client, fixture, requests) } }
                for _ in 0..<2 {
                    try await requests.grows(by: 16, .created)
                    try await server.pause()
                    try await requests.grows(by: 16, .serviceUnavailable)
                    try await server.resume()
                }
                try await requests.grows(by: 16, .created)
                requests.close()
                try await group.waitForAll()
            }
            try await eventually(within: .seconds(400), "all tasks end") { try await fixture.tasks().allSatisfy(\.hasEnded) }
            let tasks = try await fixture.tasks().reduce(into: [String: TransferFixture.TaskRow]()) { tasks, task in
                if let jobID = task.jobID { tasks[jobID] = task }
            }
            for request in requests.all {
                let isMoved = FileManager.default.fileExists(atPath: "\(request.path) moved")
                switch request.answer.status {
                case .created:
                    let jobID = try request.answer.job().jobId
                    #expect(isMoved && tasks[jobID]?.state == "succeeded", "\(jobID): \(String(describing: tasks[jobID]))")
                case .serviceUnavailable: #expect(!isMoved, "\(request.path)")
                default: Issue.record("\(request.answer)")
                }
            }
            #expect(tasks.count == requests.all.count { $0.answer.status == .created }, "a job for every acknowledged request, and no other")
        }
    }

    /// Moves a file after the other until the log is closed.
    private static func moveFiles(_ client: Int, _ fixture: TransferFixture, _ requests: RequestLog) async throws {
        var number = 0
        while !requests.isClosed {
            number += 1
            let path = "\(fixture.directory)/\(client)-\(number)"
            try Data().write(to: URL(filePath: path))
            let answer = try await fixture.transfer("mv", ["path": .string(path), "targetPath": .string("\(path) moved")])
            requests.add(.init(path: path, answer: answer))
            // A refusal comes at once; without a pause there would be thousands of them.
            if answer.status != .created { try await Task.sleep(for: .milliseconds(200)) }
        }
    }
}

/// What several clients were answered.
private final class RequestLog: Sendable {
    struct Request: Sendable {
        var path: String
        var answer: Answer
    }

    private let state = Mutex((requests: [Request](), isClosed: false))

    var all: [Request] { state.withLock(\.requests) }
    var isClosed: Bool { state.withLock(\.isClosed) }

    func add(_ request: Request) { state.withLock { $0.requests.append(request) } }

    /// No more requests, please.
    func close() { state.withLock { $0.isClosed = true } }

    /// Waits for so many further answers with a status.
    func grows(by count: Int, _ status: HTTPResponse.Status) async throws {
        let before = all.count { $0.answer.status == status }
        try await eventually(within: .seconds(120), "\(count) more requests are answered \(status)") {
            all.count { $0.answer.status == status } >= before + count
        }
    }
}
