import FoundationEssentials
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Testing

@Suite("jobs on a real Slurm")
struct JobsIntegrationTests {
    @Test("a job whose name has every special character goes through submit, list, get, metadata and cancel")
    func oddName() async throws {
        try await ComputeFixture.with { compute in
            let name = ComputeFixture.uniqueName(#"a|b "c" $(d)"#)
            let value = "1,2 \"3\"\n'4' $(touch x)"
            let output = "\(compute.home)/\(ComputeFixture.uniqueName("out put"))"
            defer { try? FileManager.default.removeItem(atPath: output) }
            let id = try await compute.submit(
                "#!/bin/sh\nprintf '%s|%s' \"$ODD\" \"$LC_ALL\"\nexec sleep 300\n",
                ["name": .string(name), "env": .object(["ODD": .string(value)]), "standardOutput": .string(output)])

            let job = try await compute.wait(for: id) { $0.status.state == "RUNNING" }
            #expect(job.name == name)
            #expect(job.user == compute.user)
            #expect(job.account == "myproject")
            #expect(job.workingDirectory == compute.home)
            #expect(try await compute.list().contains { $0.jobId == id && $0.name == name })
            #expect(try await compute.list("name=\(PercentEncoding.encode(name))").map(\.jobId) == [id])

            var printed = ""
            for _ in 0..<100 where printed.isEmpty {
                printed = (try? String(decoding: Data(contentsOf: URL(filePath: output)), as: UTF8.self)) ?? ""
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(printed == "\(value)|")

            let metadata = try await compute.expect(.ok, .get, "\(compute.jobs)/\(id)/metadata").decode(JobMetadataAnswer.self).jobs
            #expect(metadata.first?.script?.hasPrefix("#!/bin/sh\nprintf") == true)
            #expect(metadata.first?.standardOutput == output)

            try await compute.cancel(id)
            let cancelled = try await compute.wait(for: id) { $0.hasEnded }
            #expect(cancelled.status.state == "CANCELLED")
            try await compute.cancel(id)
        }
    }

    @Test("an ended job tells how it ended")
    func ended() async throws {
        try await ComputeFixture.with { compute in
            let failed = try await compute.submit("#!/bin/sh\nexit 3\n")
            let killed = try await compute.submit("#!/bin/sh\nkill -9 $$\n")
            let first = try await compute.wait(for: failed) { $0.hasEnded }
            #expect(first.status.state == "FAILED")
            #expect(first.status.exitCode == 3)
            #expect(first.status.interruptSignal == nil)
            #expect(first.time.end != nil)
            let second = try await compute.wait(for: killed) { $0.hasEnded }
            #expect(second.status.exitCode == 0)
            #expect(second.status.interruptSignal == 9)
            let accounted = try await compute.wait(for: failed) { $0.tasks?.isEmpty == false }
            #expect(accounted.tasks?.map(\.id) == ["\(failed).batch"])
        }
    }

    @Test("a script on the system is submitted by its path, its directives count")
    func scriptPath() async throws {
        try await ComputeFixture.with { compute in
            let path = "\(compute.home)/\(ComputeFixture.uniqueName("my script")).sh"
            try Data("#!/bin/sh\n#SBATCH --job-name=from-directive\n#SBATCH --hold\ntrue\n".utf8).write(to: URL(filePath: path))
            _ = try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let description = JSONValue.object([
                "job": .object(["workingDirectory": .string(compute.home), "scriptPath": .string(path), "standardOutput": .string("/dev/null")])
            ])
            let id = try await compute.expect(.created, .post, compute.jobs, json: description).decode(JobSubmissionAnswer.self).jobId
            let job = try await compute.job(id)
            #expect(job.name == "from-directive")
            #expect(job.status.state == "PENDING")
            #expect(job.nodes == "None assigned")
            try await compute.cancel(id)
        }
    }

    @Test("the tasks of an array are found by the ids that Slurm prints")
    func arrays() async throws {
        try await ComputeFixture.with { compute in
            let id = try await compute.submit("#!/bin/sh\n#SBATCH --array=1-4\n#SBATCH --hold\ntrue\n")
            let waiting = try await compute.list().filter { $0.jobId.hasPrefix("\(id)_") }
            #expect(waiting.map(\.jobId) == ["\(id)_[1-4]"])
            #expect(try await compute.job("\(id)_2").jobId == "\(id)_[1-4]")
            #expect(try await compute.job("\(id)_[1-4]").jobId == "\(id)_[1-4]")
            try await compute.cancel("\(id)_2")
            #expect(try await compute.list().contains { $0.jobId.hasPrefix("\(id)_[") && $0.status.state == "PENDING" })
            try await compute.expect(.notFound, .get, "\(compute.jobs)/\(id)_9")
            try await compute.cancel(id)
        }
    }

    @Test("another user's job is seen among all, but cannot be cancelled, running or ended")
    func foreign() async throws {
        try await ComputeFixture.with { compute in
            let name = ComputeFixture.uniqueName("foreign")
            let id = try await compute.submit("#!/bin/sh\nexec sleep 300\n", ["name": .string(name)], as: compute.otherUser)
            #expect(try await compute.list().allSatisfy { $0.jobId != id })
            #expect(try await compute.list("allusers=true").contains { $0.jobId == id })
            #expect(try await compute.list("allusers=yes&name=\(name)").map(\.jobId) == [id])
            let refusal = try await compute.expect(.forbidden, .delete, "\(compute.jobs)/\(id)")
            #expect(refusal.error?.message.contains("Access/permission denied") == true)
            try await compute.cancel(id, as: compute.otherUser)
            _ = try await compute.wait(for: id) { $0.hasEnded }
            try await compute.expect(.forbidden, .delete, "\(compute.jobs)/\(id)")
        }
    }

    @Test("an unknown job is 404 with the words that clients match", arguments: ["99999999", "abc", "0", "1%3Bls", "99999999_1", "--help"])
    func unknown(_ id: String) async throws {
        try await ComputeFixture.with { compute in
            for method in [HTTPRequest.Method.get, .delete] {
                let answer = try await compute.expect(.notFound, method, "\(compute.jobs)/\(id)")
                #expect(answer.error?.message == "Job not found")
            }
        }
    }

    @Test(
        "what Slurm refuses is 400, in its words",
        arguments: [
            ("partition", "invalid partition"), ("account", "Invalid account"), ("reservation", "reservation is invalid"), ("constraints", "Invalid feature"),
        ])
    func refused(_ field: String, _ words: String) async throws {
        try await ComputeFixture.with { compute in
            let answer = try await compute.expect(.badRequest, .post, compute.jobs, json: compute.description(fields: [field: .string("no such; thing")]))
            #expect(answer.error?.message.contains(words) == true)
            #expect(answer.error?.message.hasPrefix("Remote process failed with exit status:1 and error message:") == true)
        }
    }

    @Test("a script without an interpreter is 400")
    func noInterpreter() async throws {
        try await ComputeFixture.with { compute in
            let answer = try await compute.expect(.badRequest, .post, compute.jobs, json: compute.description("true\n"))
            #expect(answer.error?.message.contains("does not look like a batch script") == true)
        }
    }

    @Test("jobs are filtered by name, account and time")
    func filters() async throws {
        try await ComputeFixture.with { compute in
            let name = ComputeFixture.uniqueName("CamelCase")
            let id = try await compute.submit(fields: ["name": .string(name)])
            _ = try await compute.wait(for: id) { $0.tasks?.isEmpty == false }
            #expect(try await compute.list("name=\(name)&time_window=1h").map(\.jobId) == [id])
            #expect(try await compute.list("account=myproject").contains { $0.jobId == id })
            #expect(try await compute.list("account=").contains { $0.jobId == id })
            #expect(try await compute.list("account=other").allSatisfy { $0.jobId != id })
            #expect(try await compute.list("name=%24%28id%29").isEmpty)
            try await compute.expect(.badRequest, .get, "\(compute.jobs)?time_window=2h&allusers=perhaps")
            try await compute.expect(.badRequest, .get, "\(compute.jobs)?name=\(String(repeating: "x", count: 236))")
        }
    }

    @Test("64 requests at once all succeed")
    func concurrency() async throws {
        try await ComputeFixture.with { compute in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 { group.addTask { _ = try await compute.list() } }
                try await group.waitForAll()
            }
        }
    }
}

extension ComputeFixture {
    func description(fields: [String: JSONValue]) -> JSONValue {
        description("#!/bin/sh\ntrue\n", fields)
    }

    func submit(fields: [String: JSONValue]) async throws -> String {
        try await submit("#!/bin/sh\ntrue\n", fields)
    }
}
