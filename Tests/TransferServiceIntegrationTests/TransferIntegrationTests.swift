import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Transfers by jobs of a real scheduler")
struct TransferIntegrationTests {
    private static let names = [
        "a b", "it's", "\"x\"", "$(touch pwned)", "; touch pwned", "a\nb", "\n#SBATCH --hold\n", "-rf", "ünï", "a\r\nb",
    ]

    @Test("files with any name are copied, moved and removed by jobs, which the task follows to the end")
    func hostileNames() async throws {
        try await TransferFixture.with { fixture async throws in
            for name in Self.names { try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/\(name)")) }
            func all(_ operation: String, _ status: HTTPResponse.Status, _ verb: String, _ fields: (String) -> [String: JSONValue]) async throws {
                var jobs: [TransferFixture.TransferJob] = []
                for name in Self.names {
                    let answer = try await fixture.transfer(operation, fields(name))
                    #expect(answer.status == status, "\(name.debugDescription): \(answer.text)")
                    jobs.append(try answer.job())
                }
                for job in jobs {
                    let task = try await fixture.end(of: job.jobId)
                    #expect(task.state == "succeeded" && task.error == nil)
                    #expect(job.system == fixture.system && job.workingDirectory == fixture.home)
                    #expect(job.logs.outputLog.hasPrefix("\(fixture.home)/.f7t_file_handling_job_"))
                    let log = try await fixture.files(.get, "view", query: ["path": job.logs.outputLog])
                    #expect(log.text.contains("Files were successfully \(verb)."), "\(log.text)")
                    for path in [job.logs.outputLog, job.logs.errorLog] { _ = try await fixture.files(.delete, "rm", query: ["path": path]) }
                }
            }
            func content() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: fixture.directory)) }

            try await all("cp", .created, "copied") { ["path": .string("\(fixture.directory)/\($0)"), "targetPath": .string("\(fixture.directory)/copy \($0)")] }
            #expect(try content() == Set(Self.names + Self.names.map { "copy \($0)" }))
            try await all("mv", .created, "moved") { ["sourcePath": .string("\(fixture.directory)/\($0)"), "target_path": .string("\(fixture.directory)/moved \($0)")] }
            #expect(try content() == Set(Self.names.map { "moved \($0)" } + Self.names.map { "copy \($0)" }))
            try await all("rm", .ok, "removed") { ["path": .string("\(fixture.directory)/moved \($0)")] }
            #expect(try content() == Set(Self.names.map { "copy \($0)" }))
        }
    }

    @Test("a link is copied as it is, or what it leads to")
    func dereference() async throws {
        try await TransferFixture.with { fixture async throws in
            try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/file"))
            try FileManager.default.createSymbolicLink(atPath: "\(fixture.directory)/link", withDestinationPath: "file")
            var jobs: [String] = []
            for dereference in [true, false] {
                let answer = try await fixture.transfer(
                    "cp",
                    [
                        "path": .string("\(fixture.directory)/link"), "targetPath": .string("\(fixture.directory)/\(dereference)"),
                        "dereference": .bool(dereference),
                    ])
                jobs.append(try answer.job().jobId)
            }
            for job in jobs { #expect(try await fixture.end(of: job).state == "succeeded") }
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(fixture.directory)/false") == "file")
            #expect(try Data(contentsOf: URL(filePath: "\(fixture.directory)/true")) == Data("x".utf8))
        }
    }

    @Test("a command that fails makes the job fail, with its exit status, and the task")
    func failure() async throws {
        try await TransferFixture.with { fixture async throws in
            try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/file"))
            let answer = try await fixture.transfer(
                "mv", ["path": .string("\(fixture.directory)/file"), "targetPath": .string("\(fixture.directory)/no/where")])
            let job = try answer.job()
            let task = try await fixture.end(of: job.jobId)
            #expect(task.state == "failed" && task.error?.contains("state FAILED, exit code 1") == true)
            let jobs = try JSONDecoder().decode(JobsAnswer.self, from: Data(try await fixture.compute(.get, "jobs/\(job.jobId)").bytes)).jobs
            #expect(jobs.first?.status.state == "FAILED" && jobs.first?.status.exitCode == 1)
            let log = try await fixture.files(.get, "view", query: ["path": job.logs.errorLog])
            #expect(log.text.contains("No such file or directory"))
        }
    }

    @Test("what cannot work is refused at once, and leaves no task")
    func refusals() async throws {
        try await TransferFixture.with { fixture async throws in
            let file = "\(fixture.directory)/file", secret = "\(fixture.directory)/secret"
            for path in [file, secret] { try Data("x".utf8).write(to: URL(filePath: path)) }
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: secret)
            let others = try fixture.stack["FIRESRV_HOME"]
            let isOther = others != fixture.home
            let homes = try fixture.stack["HOME_ROOT"]
            func expect(_ status: HTTPResponse.Status, _ operation: String, _ source: String, _ target: String = "x", _ more: [String: JSONValue] = [:]) async throws {
                let target = target == "x" ? "\(fixture.directory)/x" : target
                let answer = try await fixture.transfer(
                    operation, ["path": .string(source), "targetPath": .string(target)].merging(more) { $1 })
                #expect(answer.status == status, "\(operation) \(source) \(target) \(more): \(answer.status) \(answer.text)")
                #expect(answer.error != nil)
            }
            for operation in ["mv", "cp", "rm"] {
                try await expect(.notFound, operation, "\(fixture.directory)/no such")
                try await expect(.badRequest, operation, "/etc/passwd")
                try await expect(.badRequest, operation, "\(fixture.home)/../../etc/passwd")
                try await expect(.badRequest, operation, "etc")
                try await expect(.badRequest, operation, "")
                try await expect(.badRequest, operation, file, "x", ["account": "a\n#SBATCH --uid=0"])
                try await expect(.badRequest, operation, file, "x", ["account": "a\"b'"])
                try await expect(isOther ? .forbidden : .notFound, operation, "\(others)/no such")
            }
            for operation in ["mv", "cp"] {
                for target in ["/etc/x", "x/y", "", homes + "2/x", "\(fixture.directory)/\0"] { try await expect(.badRequest, operation, file, target) }
                try await expect(.badRequest, operation, file, "x", ["targetPath": .integer(5)])
                try await expect(.badRequest, operation, file, "x", ["targetPath": .null])
            }
            try await expect(.badRequest, "cp", file, "x", ["dereference": "yes"])
            try await expect(.forbidden, "cp", secret)
            try await expect(.badRequest, "rm", homes)
            try await expect(.badRequest, "mv", homes)
            #expect(try await fixture.tasks().isEmpty)
        }
    }

    @Test("an account that the directives want is demanded, and charged")
    func account() async throws {
        try await TransferFixture.with(changing: { $0.dataOperation.datatransferJobsDirectives.append("#SBATCH --account={account}") }) { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("x".utf8).write(to: URL(filePath: path))
            for account in [nil, ""] as [JSONValue?] {
                let answer = try await fixture.transfer("rm", ["path": .string(path)].merging(account.map { ["account": $0] } ?? [:]) { $1 })
                #expect(answer.status == .badRequest)
                #expect(answer.error?.data?.fields.map(\.name) == ["account"])
            }
            let job = try await fixture.transfer("rm", ["path": .string(path), "account": "myproject"]).job()
            #expect(try await fixture.end(of: job.jobId).state == "succeeded")
            let jobs = try JSONDecoder().decode(JobsAnswer.self, from: Data(try await fixture.compute(.get, "jobs/\(job.jobId)").bytes)).jobs
            #expect(jobs.first?.account == "myproject")
        }
    }

    @Test("only an unhealthy part that the transfer needs refuses it")
    func unhealthy() async throws {
        try await TransferFixture.with { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("x".utf8).write(to: URL(filePath: path))
            func status(_ service: UnhealthyService) async throws -> HTTPResponse.Status {
                try await fixture.transfer("rm", ["path": .string(path)], unhealthy: [service]).status
            }
            for service in [UnhealthyService(.scheduler), .init(.ssh), .init(.filesystem, path: try fixture.stack["HOME_ROOT"])] {
                #expect(try await status(service) == .serviceUnavailable)
            }
            #expect(try await status(UnhealthyService(.filesystem, path: try fixture.stack["SCRATCH"])) == .ok)
        }
    }

    @Test("a repeated key returns the first task though its file is gone; another request with it is refused")
    func idempotency() async throws {
        try await TransferFixture.with { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("x".utf8).write(to: URL(filePath: path))
            let first = try await fixture.transfer("rm", ["path": .string(path)], key: "k")
            let job = try first.job()
            #expect(try await fixture.end(of: job.jobId).state == "succeeded")
            let second = try await fixture.transfer("rm", ["path": .string(path)], key: "k")
            #expect(second.status == .ok)
            #expect(try second.job() == job)
            #expect(try await fixture.transfer("rm", ["path": .string(fixture.directory)], key: "k").status == .unprocessableContent)
            #expect(try await fixture.tasks().count == 1)
        }
    }
}
