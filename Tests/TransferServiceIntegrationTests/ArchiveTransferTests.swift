import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Archives by jobs of a real scheduler")
struct ArchiveTransferTests {
    /// Makes a directory `source` with a file, an empty one in a directory, and a link.
    private func makeSource(_ fixture: TransferFixture) throws -> String {
        let source = "\(fixture.directory)/it's a source"
        try FileManager.default.createDirectory(atPath: "\(source)/below", withIntermediateDirectories: true)
        try Data("one".utf8).write(to: URL(filePath: "\(source)/one & only.txt"))
        try Data().write(to: URL(filePath: "\(source)/below/empty"))
        try LocalFile.link("\(source)/link", to: "one & only.txt")
        return source
    }

    private func archive(_ fixture: TransferFixture, _ source: String, _ archive: String, _ more: [String: JSONValue] = [:]) async throws {
        let answer = try await fixture.transfer("compress", ["sourcePath": .string(source), "targetPath": .string(archive)].merging(more) { $1 })
        #expect(answer.status == .created, "\(answer)")
        let job = try answer.job()
        try await fixture.succeed(job)
        let log = try await fixture.log(job.logs.outputLog)
        #expect(log.contains("Files were successfully compressed."), "\(log)")
    }

    /// Unpacks an archive in a directory that it makes, and tells what is in it.
    private func extract(_ fixture: TransferFixture, _ archive: String, into name: String, _ compression: Compression = .gzip) async throws -> Set<String> {
        let directory = "\(fixture.directory)/\(name)"
        #expect(try await fixture.files(.post, "mkdir", json: ["path": .string(directory)]).status == .created)
        let answer = try await fixture.transfer(
            "extract", ["path": .string(archive), "targetPath": .string(directory), "compression": .string(compression.rawValue)])
        #expect(answer.status == .created, "\(answer)")
        try await fixture.succeed(try answer.job())
        return Set(try FileManager.default.subpathsOfDirectory(atPath: directory))
    }

    @Test("what goes into an archive comes out of it, however it is compressed")
    func compressions() async throws {
        try await TransferFixture.with { fixture async throws in
            let source = try makeSource(fixture)
            try await Compression.allCases.forEach(atOnce: 2) { compression in
                let path = "\(fixture.directory)/\(compression).tar"
                try await archive(fixture, source, path, ["compression": .string(compression.rawValue)])
                let names = try await extract(fixture, path, into: "from \(compression)", compression)
                let name = "it's a source"
                #expect(names == [name, "\(name)/below", "\(name)/below/empty", "\(name)/link", "\(name)/one & only.txt"])
                let content = try Data(contentsOf: URL(filePath: "\(fixture.directory)/from \(compression)/\(name)/one & only.txt"))
                #expect(content == Data("one".utf8))
                let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(fixture.directory)/from \(compression)/\(name)/link")
                #expect(link == "one & only.txt")
            }
        }
    }

    @Test("a pattern chooses the files, and links are followed where that is asked for")
    func options() async throws {
        try await TransferFixture.with { fixture async throws in
            let source = try makeSource(fixture)
            try await archive(fixture, source, "\(fixture.directory)/txt.tar", ["matchPattern": .string(#".*\.txt"#)])
            #expect(try await extract(fixture, "\(fixture.directory)/txt.tar", into: "txt") == ["it's a source", "it's a source/one & only.txt"])
            try await archive(fixture, source, "\(fixture.directory)/followed.tar", ["dereference": true])
            _ = try await extract(fixture, "\(fixture.directory)/followed.tar", into: "followed")
            let content = try Data(contentsOf: URL(filePath: "\(fixture.directory)/followed/it's a source/link"))
            #expect(content == Data("one".utf8))
        }
    }

    @Test("what is no archive, or has no file that matches, fails the job and the task, and leaves nothing")
    func failures() async throws {
        try await TransferFixture.with { fixture async throws in
            let source = try makeSource(fixture)
            let (file, target) = ("\(source)/one & only.txt", "\(fixture.directory)/target")
            #expect(try await fixture.files(.post, "mkdir", json: ["path": .string(target)]).status == .created)
            let extraction = try await fixture.transfer("extract", ["path": .string(file), "targetPath": .string(target)]).job()
            let compression = try await fixture.transfer(
                "compress", ["path": .string(source), "targetPath": .string("\(fixture.directory)/x.tar"), "matchPattern": "none"]
            ).job()
            for job in [extraction, compression] {
                let task = try await fixture.end(of: job.jobId)
                #expect(task.state == "failed" && task.error?.contains("state FAILED, exit code") == true, "\(task)")
                let log = try await fixture.log(job.logs.outputLog)
                #expect(!log.contains("successfully"))
                let complaint = try await fixture.log(job.logs.errorLog)
                #expect(complaint.contains("The transfer failed with exit status"), "\(complaint)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: target).isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: fixture.directory)
            #expect(Set(left) == ["it's a source", "target"])
        }
    }

    @Test("what cannot work is refused at once, and leaves no task")
    func refusals() async throws {
        try await TransferFixture.with { fixture async throws in
            let (file, directory) = ("\(fixture.directory)/file", fixture.directory)
            try Data("x".utf8).write(to: URL(filePath: file))
            func expect(_ status: HTTPResponse.Status, _ operation: String, _ source: String, _ target: String, _ words: String) async throws {
                let answer = try await fixture.transfer(operation, ["path": .string(source), "targetPath": .string(target)])
                #expect(answer.status == status && answer.error?.message.contains(words) == true, "\(operation) \(source) \(target): \(answer)")
            }
            for operation in ["compress", "extract"] {
                try await expect(.notFound, operation, "\(directory)/none", "\(directory)/x", "No such file or directory")
                try await expect(.badRequest, operation, "/etc/passwd", "\(directory)/x", "not in a file system")
                try await expect(.badRequest, operation, file, "/etc", "not in a file system")
                try await expect(.notFound, operation, file, "\(directory)/none/x", "No such file or directory")
            }
            try await expect(.badRequest, "compress", file, directory, "Is a directory")
            try await expect(.badRequest, "extract", directory, directory, "Is a directory")
            try await expect(.badRequest, "extract", file, file, "Not a directory")
            #expect(try await fixture.tasks().isEmpty)
        }
    }
}
