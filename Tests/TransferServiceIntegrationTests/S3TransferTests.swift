import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Transfers through the object storage")
struct S3TransferTests {
    private static let partSize = 5 << 20

    /// With the smallest parts that S3 takes.
    private func withFixture(system: String? = nil, _ body: @escaping @Sendable (TransferFixture) async throws -> Void) async throws {
        try await TransferFixture.with(
            system: system,
            changing: { cluster in
                guard case .s3(var settings) = cluster.dataOperation.dataTransfer else { return }
                settings.multipart.maxPartSize = Self.partSize
                cluster.dataOperation.dataTransfer = .s3(settings)
            }, body)
    }

    private func content(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    @Test("files of no part, one part and several come and go as they are")
    func sizes() async throws {
        try await withFixture { fixture async throws in
            let sizes = [(0, 1), (1, 1), (Self.partSize, 1), (Self.partSize + 1, 2), (3 * Self.partSize - 7, 3)]
            try await sizes.forEach(atOnce: 3) { size, parts in
                let (path, bytes) = ("\(fixture.directory)/\(size)", SecureRandom.bytes(size))
                let (job, directives) = try await fixture.upload(bytes, to: path)
                #expect(directives.transferMethod == "s3" && directives.maxPartSize == Self.partSize)
                #expect(directives.partsUploadUrls?.count == parts && directives.downloadUrl == nil)
                try await fixture.succeed(job)
                let isSame = try content(path) == bytes
                #expect(isSame, "\(size)")
                // pyfirecrest looks for these words.
                let log = try await fixture.log(job.logs.outputLog)
                #expect(log.contains("File was successfully"), "\(log)")
                let comesBack = try await fixture.download(path) == bytes
                #expect(comesBack, "\(size)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory)
            #expect(Set(left) == Set(sizes.map { "\($0.0)" }))
            #expect(try await fixture.tasks().allSatisfy { $0.state == "succeeded" && $0.error == nil })
        }
    }

    @Test("files with any name come and go")
    func names() async throws {
        try await withFixture { fixture async throws in
            let names = [
                "a b", "it's", "\"x\"", "$(touch pwned)", "a&b;c=d?e#f", "100%25+", "-rf", "a\nb", "ünï ☃", "u\u{308}", "..x", String(repeating: "n", count: 200),
            ]
            try await names.forEach(atOnce: 3) { name in
                let (path, bytes) = ("\(fixture.directory)/\(name)", Array("content of \(name)".utf8))
                try await fixture.succeed(try await fixture.upload(bytes, to: path).job)
                let isSame = try content(path) == bytes
                #expect(isSame, "\(name.debugDescription)")
                let comesBack = try await fixture.download(path) == bytes
                #expect(comesBack, "\(name.debugDescription)")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory)
            #expect(Set(left.map { Array($0.utf8) }) == Set(names.map { Array($0.utf8) }))
        }
    }

    @Test("a file that is replaced keeps its mode, and is whole at any time")
    func replacement() async throws {
        try await withFixture { fixture async throws in
            let path = "\(fixture.directory)/file"
            try await fixture.succeed(try await fixture.upload(Array("first".utf8), to: path).job)
            let owner = try LocalFile.status(path).owner
            try LocalFile.setMode(path, 0o640)
            try await fixture.succeed(try await fixture.upload(Array("second".utf8), to: path).job)
            #expect(try content(path) == Array("second".utf8))
            let status = try LocalFile.status(path)
            #expect(status.mode == 0o640 && status.owner == owner)
        }
    }

    @Test("an upload of another size than announced fails with words and leaves the target as it was")
    func wrongSize() async throws {
        try await withFixture { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("as it was".utf8).write(to: URL(filePath: path))
            try LocalFile.setMode(path, 0o666)
            let answer = try await fixture.transfer(
                "upload", ["path": .string(path), "transferDirectives": ["transferMethod": "s3", "fileSize": 5]])
            let job = try answer.job()
            try await fixture.send(Array("more".utf8), by: try answer.directives())
            let task = try await fixture.end(of: job.jobId)
            #expect(task.state == "failed" && task.error != nil)
            let log = try await fixture.log(job.logs.errorLog)
            #expect(log.contains("4 bytes") && log.contains("5 were announced"), "\(log)")
            #expect(try content(path) == Array("as it was".utf8))
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory)
            #expect(left == ["file"])
        }
    }

    @Test("a link is written and read through")
    func links() async throws {
        try await withFixture { fixture async throws in
            let (file, link) = ("\(fixture.directory)/file", "\(fixture.directory)/link")
            try LocalFile.link(link, to: "file")
            try await fixture.succeed(try await fixture.upload(Array("x".utf8), to: link).job)
            #expect(try content(file) == Array("x".utf8))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
            #expect(try await fixture.download(link) == Array("x".utf8))
        }
    }

    @Test("the URLs are of the public endpoint, the user's bucket and the task, and good for the configured time")
    func urls() async throws {
        try await TransferFixture.with(changing: { cluster in
            guard case .s3(var settings) = cluster.dataOperation.dataTransfer else { return }
            settings.publicURL = "https://storage.example/s3"
            settings.ttl = .seconds(77)
            cluster.dataOperation.dataTransfer = .s3(settings)
        }) { fixture async throws in
            let upload = try await fixture.transfer(
                "upload", ["path": .string("\(fixture.directory)/a b"), "transferDirectives": ["transferMethod": "s3", "fileSize": 1]])
            let task = try upload.job().logs.outputLog.dropLast(".log".count).suffix(36)
            let directives = try upload.directives()
            let urls = try #require(directives.partsUploadUrls) + [try #require(directives.completeUploadUrl)]
            #expect(urls.count == 2)
            for url in urls {
                #expect(url.hasPrefix("https://storage.example/s3/\(fixture.user)/\(task)/a%20b?"), "\(url)")
                #expect(url.contains("X-Amz-Expires=77&"))
            }
            let job = try upload.job().jobId
            #expect(try await fixture.compute(.delete, "jobs/\(job)").status == .noContent)
        }
    }

    @Test("what cannot work is refused at once, and leaves no task")
    func refusals() async throws {
        try await withFixture { fixture async throws in
            let (file, secret, pipe, closed) = (
                "\(fixture.directory)/file", "\(fixture.directory)/secret", "\(fixture.directory)/pipe", "\(fixture.directory)/closed"
            )
            for path in [file, secret] { try Data("x".utf8).write(to: URL(filePath: path)) }
            try LocalFile.setMode(secret, 0)
            try LocalFile.pipe(pipe)
            #expect(try await fixture.files(.post, "mkdir", json: ["path": .string(closed)]).status == .created)
            try LocalFile.setMode(closed, 0o555)
            func expect(_ status: HTTPResponse.Status, _ operation: String, _ path: String, _ words: String, size: JSONValue = 1) async throws {
                let answer = try await fixture.transfer(
                    operation, ["path": .string(path), "transferDirectives": ["transferMethod": "s3", "fileSize": size]])
                #expect(answer.status == status && answer.error?.message.contains(words) == true, "\(operation) \(path): \(answer)")
            }
            try await expect(.notFound, "download", "\(fixture.directory)/none", "No such file or directory")
            try await expect(.forbidden, "download", secret, "Permission denied")
            try await expect(.badRequest, "download", fixture.directory, "Is a directory")
            try await expect(.badRequest, "download", pipe, "Not a regular file")
            try await expect(.badRequest, "upload", fixture.directory, "Is a directory")
            try await expect(.badRequest, "upload", pipe, "Not a regular file")
            try await expect(.badRequest, "upload", "\(file)/x", "Not a directory")
            try await expect(.badRequest, "upload", try fixture.stack["HOME_ROOT"], "whole file system")
            try await expect(.notFound, "upload", "\(fixture.directory)/none/x", "No such file or directory")
            try await expect(.forbidden, "upload", "\(closed)/x", "Permission denied")
            try await expect(.badRequest, "upload", file, "5497558138880", size: .integer((5 << 40) + 1))
            for operation in ["upload", "download"] {
                try await expect(.badRequest, operation, "/etc/passwd", "not in a file system")
                let answer = try await fixture.transfer(operation, ["path": .string(file), "transferDirectives": ["transferMethod": "streamer", "fileSize": 1]])
                #expect(answer.status == .badRequest && answer.error?.message.contains("transfers by s3") == true, "\(answer)")
            }
            #expect(try await fixture.tasks().isEmpty)
        }
    }

    @Test("without data_transfer there are no uploads and downloads")
    func notConfigured() async throws {
        try await TransferFixture.with(changing: { $0.dataOperation.dataTransfer = nil }) { fixture async throws in
            for operation in ["upload", "download"] {
                let answer = try await fixture.transfer(
                    operation, ["path": .string("\(fixture.directory)/x"), "transferDirectives": ["transferMethod": "s3", "fileSize": 1]])
                #expect(answer.status == .notImplemented, "\(answer)")
            }
        }
    }

    @Test("while the storage is unhealthy uploads and downloads answer 503, and other transfers go on")
    func unhealthy() async throws {
        try await TransferFixture.with { fixture async throws in
            let path = "\(fixture.directory)/file"
            try Data("x".utf8).write(to: URL(filePath: path))
            for operation in ["upload", "download"] {
                let answer = try await fixture.transfer(
                    operation, ["path": .string(path), "transferDirectives": ["transferMethod": "s3", "fileSize": 1]], unhealthy: [.init(.s3)])
                #expect(answer.status == .serviceUnavailable, "\(answer)")
            }
            #expect(try await fixture.transfer("rm", ["path": .string(path)], unhealthy: [.init(.s3)]).status == .ok)
        }
    }

    @Test("what the scheduler refuses fails the task, with the scheduler's words, and nothing of it stays in the storage")
    func refusedByScheduler() async throws {
        try await TransferFixture.with(changing: { $0.dataOperation.datatransferJobsDirectives = ["#SBATCH --partition=nosuch"] }) { fixture async throws in
            let answer = try await fixture.transfer(
                "upload", ["path": .string("\(fixture.directory)/x"), "transferDirectives": ["transferMethod": "s3", "fileSize": 1]])
            #expect(answer.status == .badRequest && answer.error?.message.contains("partition") == true, "\(answer)")
            let task = try #require(try await fixture.tasks().first)
            #expect(task.state == "failed" && task.hasEnded && task.error?.contains("partition") == true)
        }
    }

    @Test("transfers go by slurmrestd too, and by both ways together", arguments: ["-rest", "-hybrid"])
    func otherModes(suffix: String) async throws {
        let system = try Stack()["SYSTEM"].lowercased() + suffix
        try await withFixture(system: system) { fixture async throws in
            let (path, bytes) = ("\(fixture.directory)/a 'b'", SecureRandom.bytes(Self.partSize + 1))
            let job = try await fixture.upload(bytes, to: path).job
            #expect(job.system == system)
            try await fixture.succeed(job)
            let isSame = try content(path) == bytes
            #expect(isSame)
            let comesBack = try await fixture.download(path) == bytes
            #expect(comesBack)
        }
    }

    @Test("the directives of the configuration count where slurmrestd does not read them", arguments: ["", "-rest", "-hybrid"])
    func directives(suffix: String) async throws {
        let system = try Stack()["SYSTEM"].lowercased() + suffix
        let directives = ["#SBATCH --partition=part02", "#SBATCH -t 7"]
        try await TransferFixture.with(system: system, changing: { $0.dataOperation.datatransferJobsDirectives = directives }) { fixture async throws in
            try Data("x".utf8).write(to: URL(filePath: "\(fixture.directory)/file"))
            let job = try await fixture.transfer("rm", ["path": .string("\(fixture.directory)/file")]).job()
            try await fixture.succeed(job)
            // Accounting learns of the time limit a moment after the job's end.
            try await eventually("the job has the partition and the time limit of the directives") {
                let jobs = try JSONDecoder().decode(JobsAnswer.self, from: Data(try await fixture.compute(.get, "jobs/\(job.jobId)").bytes)).jobs
                return jobs.first?.partition == "part02" && jobs.first?.time.limit == 420
            }
        }
    }
}
