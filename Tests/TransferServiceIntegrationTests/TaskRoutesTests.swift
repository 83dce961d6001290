import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import StackTesting
import Testing

@Suite("The routes of transfers' tasks")
struct TaskRoutesTests {
    /// Jobs stay in the queue, so that there is something to cancel.
    private static let waiting: @Sendable (inout Cluster) -> Void = { $0.dataOperation.datatransferJobsDirectives.append("#SBATCH --begin=now+1hour") }

    // MARK: List

    @Test("a list comes in pages, the newest first, and a page stays what it is when tasks come")
    func pages() async throws {
        try await TransferFixture.with { fixture async throws in
            var expected: [String] = []
            for age in 1...12 { expected.append(try await fixture.insert("rm", "succeeded", age: age * 10)) }
            var (seen, cursor) = ([] as [String], nil as String?)
            var pages = 0
            repeat {
                var query = ["limit": "5"]
                query["cursor"] = cursor
                let page = try await fixture.tasks(query: query).decoded(ShownTasks.self)
                seen += page.tasks.map(\.id)
                cursor = page.nextCursor
                pages += 1
                if pages == 1 { _ = try await fixture.insert("rm", "succeeded", age: 0) }
            } while cursor != nil
            #expect(seen == expected)
            #expect(pages == 3)
            let whole = try await fixture.tasks(query: ["limit": "13"]).decoded(ShownTasks.self)
            #expect(whole.tasks.count == 13 && whole.nextCursor == nil)
        }
    }

    @Test("states and operations are filtered, and what is another user's or system's is not there")
    func filters() async throws {
        try await TransferFixture.with { fixture async throws in
            let failed = try await fixture.insert("cp", "failed", age: 1)
            let succeeded = try await fixture.insert("mv", "succeeded", age: 2)
            let expired = try await fixture.insert("mv", "expired", age: 3)
            _ = try await fixture.insert("mv", "succeeded", of: "somebody-else", age: 4)
            _ = try await fixture.insert("mv", "succeeded", on: "elsewhere", age: 5)
            func ids(_ query: [String: String]) async throws -> [String] {
                try await fixture.tasks(query: query).decoded(ShownTasks.self).tasks.map(\.id)
            }
            var found = try await ids([:])
            #expect(found == [failed, succeeded, expired])
            found = try await ids(["state": "failed,expired"])
            #expect(found == [failed, expired])
            found = try await ids(["operation": "mv"])
            #expect(found == [succeeded, expired])
            found = try await ids(["operation": "mv", "state": "SUCCEEDED"])
            #expect(found == [succeeded])
            found = try await ids(["state": "running"])
            #expect(found == [])
            let other = try await fixture.tasks(as: "nobody").decoded(ShownTasks.self)
            #expect(other.tasks.isEmpty && other.nextCursor == nil)
        }
    }

    @Test("a wrong parameter is named", arguments: [
        ("state", "done"), ("state", "failed,"), ("operation", "move"), ("limit", "0"), ("limit", "501"), ("limit", "x"), ("cursor", "x"),
        ("cursor", "1_x"), ("cursor", "9999999999999999999_00000000-0000-0000-0000-000000000000"), ("cursor", "-1_00000000-0000-0000-0000-000000000000"),
        ("cursor", "' OR 1=1 --"),
    ])
    func wrongParameters(name: String, value: String) async throws {
        try await TransferFixture.with { fixture async throws in
            let answer = try await fixture.tasks(query: [name: value])
            #expect(answer.status == .badRequest)
            #expect(answer.error?.data?.fields.map(\.name) == [name])
        }
    }

    @Test("any cursor of the right form is a place in the list", arguments: [
        "0_00000000-0000-0000-0000-000000000000", "9999999999999999_ffffffff-ffff-ffff-ffff-ffffffffffff",
    ])
    func forgedCursors(cursor: String) async throws {
        try await TransferFixture.with { fixture async throws in
            _ = try await fixture.insert("rm", "succeeded", of: "somebody-else", age: 1)
            let answer = try await fixture.tasks(query: ["cursor": cursor])
            #expect(answer.status == .ok)
            let page = try answer.decoded(ShownTasks.self)
            #expect(page.tasks.isEmpty)
        }
    }

    // MARK: One task

    @Test("a task tells what it is to do and what became of it, also while the system is unhealthy")
    func show() async throws {
        try await TransferFixture.with { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let jobID = try #require(task.jobId)
            _ = try await fixture.end(of: jobID)
            let unhealthy = [BackendServiceType.scheduler, .ssh].map { UnhealthyService($0) }
            let shown = try await fixture.tasks(.get, "/\(task.id.uppercased())", unhealthy: unhealthy).decoded(ShownTask.self)
            #expect(shown.id == task.id && shown.system == fixture.system && shown.operation == "rm" && shown.state == "succeeded")
            #expect(shown.jobId == jobID && shown.sourcePath == "\(fixture.directory)/file" && shown.error == nil && shown.attempts == 1)
            #expect(shown.logs.outputLog.contains(task.id) && shown.logs.errorLog.contains(task.id))
            #expect(UTCTimestamp.date(from: shown.createdAt) != nil && shown.endedAt.flatMap(UTCTimestamp.date) != nil)
            #expect(shown.progress == nil)
        }
    }

    @Test("a task that does not exist, is another user's or on another system, and an id that is none, are not found")
    func notFound() async throws {
        try await TransferFixture.with { fixture async throws in
            let other = try await fixture.insert("rm", "succeeded", of: "somebody-else", age: 1)
            let elsewhere = try await fixture.insert("rm", "succeeded", on: "elsewhere", age: 1)
            for id in [other, elsewhere, UUID().uuidString, "7", "%00", String(repeating: "f", count: 5000)] {
                for (method, suffix) in [(HTTPRequest.Method.get, ""), (.delete, ""), (.get, "/events")] {
                    let answer = try await fixture.tasks(method, "/\(id)\(suffix)")
                    #expect(answer.status == .notFound, "\(method) \(id.prefix(40))\(suffix)")
                }
            }
        }
    }

    @Test("a job that fails tells why, with its exit code and where its log is")
    func failure() async throws {
        try await TransferFixture.with { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("x".utf8).write(to: URL(filePath: path))
            let target = "\(fixture.directory)/no such directory/file"
            let task = try await fixture.task(ofJob: try await fixture.transfer("cp", ["path": .string(path), "targetPath": .string(target)]).job().jobId)
            let ended = try await eventually(within: .seconds(60), "the job fails") {
                let task = try await fixture.show(task.id)
                return task.endedAt == nil ? nil : task
            }
            #expect(ended.state == "failed")
            #expect(ended.error?.contains("exit code 1") == true && ended.error?.contains(task.logs.errorLog) == true)
        }
    }

    @Test("without the database the routes answer 503")
    func databaseAway() async throws {
        let server = try await PostgresServer.start()
        try await TransferFixture.with(databaseURL: server.url) { fixture async throws in
            let id = try await fixture.insert("rm", "succeeded", age: 1)
            try await server.pause()
            for (method, path) in [(HTTPRequest.Method.get, ""), (.get, "/\(id)"), (.delete, "/\(id)"), (.get, "/\(id)/events")] {
                let answer = try await fixture.tasks(method, path)
                #expect(answer.status == .serviceUnavailable)
                #expect(answer.error?.message.contains("database") == true)
            }
            try await server.resume()
            try await eventually(within: .seconds(60), "the routes work again") { try await fixture.tasks(.get, "/\(id)").status == .ok }
        }
    }

    // MARK: Cancel

    @Test("a cancelled task has ended, and its job too; to cancel it again changes nothing")
    func cancel() async throws {
        try await TransferFixture.with(changing: Self.waiting) { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let jobID = try #require(task.jobId)
            for _ in 0..<2 {
                let answer = try await fixture.tasks(.delete, "/\(task.id)")
                #expect(answer.status == .noContent)
                let shown = try await fixture.show(task.id)
                #expect(shown.state == "cancelled" && shown.endedAt != nil && shown.error == "The transfer was cancelled by its user")
            }
            let job = try await fixture.compute(.get, "jobs/\(jobID)")
            #expect(job.text.contains("CANCELLED"))
            #expect(FileManager.default.fileExists(atPath: "\(fixture.directory)/file"))
        }
    }

    @Test("another user's task is not cancelled")
    func othersTask() async throws {
        try await TransferFixture.with(changing: Self.waiting) { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let answer = try await fixture.tasks(.delete, "/\(task.id)", as: "somebody-else")
            #expect(answer.status == .notFound)
            let shown = try await fixture.show(task.id)
            #expect(shown.endedAt == nil)
            _ = try await fixture.tasks(.delete, "/\(task.id)")
        }
    }

    @Test("a task that has succeeded stays so when it is cancelled, even if nobody has seen its end yet")
    func cancelEnded() async throws {
        try await TransferFixture.with { fixture async throws in
            let task = try await fixture.removal(of: "file")
            let jobID = try #require(task.jobId)
            // The file is gone before the reconciler can know it.
            try await eventually(within: .seconds(60), "the job is over") { try await fixture.compute(.get, "jobs/\(jobID)").text.contains("COMPLETED") }
            let answer = try await fixture.tasks(.delete, "/\(task.id)")
            #expect(answer.status == .noContent)
            let shown = try await fixture.show(task.id)
            #expect(shown.state == "succeeded")
        }
    }

    @Test("many cancels of one task and the reconciler agree on one end")
    func cancelRace() async throws {
        try await TransferFixture.with { fixture async throws in
            var tasks: [ShownTask] = []
            for number in 0..<5 { tasks.append(try await fixture.removal(of: "file\(number)")) }
            try await tasks.forEach(atOnce: 5) { task in
                try await Array(0..<3).forEach(atOnce: 3) { _ in
                    let answer = try await fixture.tasks(.delete, "/\(task.id)")
                    #expect(answer.status == .noContent)
                }
            }
            for task in tasks {
                let shown = try await fixture.show(task.id)
                #expect(["cancelled", "succeeded"].contains(shown.state))
                // What is not there any more was removed by a job that ran to its end.
                guard shown.state == "succeeded", let path = shown.sourcePath else { continue }
                #expect(!FileManager.default.fileExists(atPath: path))
            }
        }
    }

    @Test("a job that cannot be cancelled leaves its task as it is")
    func notCancelled() async throws {
        try await TransferFixture.with(changing: Self.waiting) { one async throws in
            let task = try await one.removal(of: "file")
            try await TransferFixture.with(databaseURL: one.databaseURL, computeURL: "http://127.0.0.1:1") { two async throws in
                let answer = try await two.tasks(.delete, "/\(task.id)")
                #expect(answer.status == .badGateway)
                let shown = try await two.show(task.id)
                #expect(shown.endedAt == nil)
            }
            _ = try await one.tasks(.delete, "/\(task.id)")
        }
    }
}
