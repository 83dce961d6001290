import Foundation
import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes
import Testing

@testable import TransferService

@Suite("The job that puts a file of the system into the storage")
struct S3DownloadJobTests {
    private static let partSize = 64 << 10

    private func work(
        _ storage: FaultyStorage, _ source: AbsolutePath, size: Int, partSize: Int = partSize, pauses: [Int] = [0, 0, 0]
    ) throws -> TransferJobWork {
        let count = max(1, (size + partSize - 1) / partSize)
        var download = try S3DownloadWork(
            source: source, size: size, partSize: partSize, partURLs: (1...count).map { storage.url("uploadId=u&partNumber=\($0)") },
            completeURL: storage.url("uploadId=u"), abortURL: storage.url("uploadId=u"), headURL: storage.url(), parallelRuns: 3)
        download.pauses = pauses
        return download.work
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ $0 >> 8) } }

    @Test("files of any size arrive as they are", arguments: [0, 1, partSize - 1, partSize, partSize + 1, 3 * partSize, 7 * partSize + 5])
    func sizes(size: Int) async throws {
        let content = Self.bytes(size)
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                try folder.write(content, to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: size))
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(storage.state.object == content)
                #expect(result.output.hasSuffix("Uploaded \(size) of \(size) bytes\nMultipart file upload successfully completed\n"))
                #expect(!storage.state.isAborted)
                #expect(try folder.names() == ["file"])
            }
        }
    }

    @Test("the file may have any name", arguments: TransferJobScriptTests.names)
    func names(name: String) async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                try folder.write(Self.bytes(1000), to: name)
                let result = try await RunningJob.run(try work(storage, try folder.path(name), size: 1000))
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(storage.state.object == Self.bytes(1000))
            }
        }
    }

    @Test(
        "a part that does not get through is sent again",
        arguments: [
            [FaultyStorage.Fault.status(500, ""), .status(500, "")], [.status(400, "<Error><Code>RequestTimeout</Code><Message>idle</Message></Error>")],
            [.cut(after: 0)], [.cut(after: 1)], [.bare],
        ])
    func brokenPart(faults: [FaultyStorage.Fault]) async throws {
        let content = Self.bytes(3 * Self.partSize + 1)
        try await FaultyStorage.with(faults: [.part: faults]) { storage in
            try await Folder.with { folder in
                try folder.write(content, to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: content.count))
                #expect(result.status == 0, "\(result.errors)")
                #expect(storage.state.object == content)
                #expect(storage.count(.part) == 4 + faults.count)
                #expect(result.errors.contains("Part "))
            }
        }
    }

    @Test("a part that is refused fails the job at once, with the storage's words, and aborts the upload")
    func refusedPart() async throws {
        let refusal = FaultyStorage.Fault.status(403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
        try await FaultyStorage.with(faults: [.part: [refusal]]) { storage in
            try await Folder.with { folder in
                try folder.write([1], to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: 1))
                #expect(result.status == 1)
                #expect(result.errors.contains("403 (AccessDenied: Request has expired)"))
                #expect(!result.output.contains("success"))
                #expect(storage.state.isAborted && storage.count(.part) == 1 && storage.count(.complete) == 0)
            }
        }
    }

    @Test("an error of the storage while it puts the parts together is a failure, whatever its status", arguments: [200, 500])
    func errorInCompletion(status: Int) async throws {
        let words = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>We are sorry</Message></Error>"
        try await FaultyStorage.with(faults: [.complete: Array(repeating: .status(status, words), count: 10)]) { storage in
            try await Folder.with { folder in
                try folder.write([1], to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: 1))
                #expect(result.status == 1)
                #expect(result.errors.contains("InternalError: We are sorry") && result.errors.contains("could not put the file together"))
                #expect(storage.state.isAborted && storage.count(.complete) == 4)
            }
        }
    }

    @Test("an error that passes does no harm, nor does a completion whose answer is lost", arguments: [FaultyStorage.Fault.status(200, "<Error>"), .cut(after: 1)])
    func passingError(fault: FaultyStorage.Fault) async throws {
        try await FaultyStorage.with(faults: [.complete: [fault]]) { storage in
            try await Folder.with { folder in
                try folder.write([1, 2], to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: 2))
                #expect(result.status == 0, "\(result.errors)")
                #expect(storage.state.object == [1, 2] && !storage.state.isAborted && storage.count(.complete) == 2)
            }
        }
    }

    @Test("an object of the wrong size fails the job")
    func wrongObject() async throws {
        try await FaultyStorage.with(object: [1, 2, 3], faults: [.complete: [.status(404, "")]]) { storage in
            try await Folder.with { folder in
                try folder.write([1], to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: 1))
                #expect(result.status == 1 && result.errors.contains("3 bytes instead of 1"))
                #expect(storage.state.isAborted)
            }
        }
    }

    @Test("a file that has another size than when it was asked for is not sent", arguments: [0, 9, 11])
    func otherSize(size: Int) async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                try folder.write(Self.bytes(size), to: "file")
                let result = try await RunningJob.run(try work(storage, try folder.path("file"), size: 10))
                #expect(result.status == 1 && result.errors.contains("has \(size) bytes now, not 10"))
                #expect(storage.count(.part) == 0 && storage.state.isAborted)
            }
        }
    }

    @Test("a file that grows, shrinks or is rewritten while it is sent fails the job", arguments: [2 * partSize + 1, 1, 3 * partSize])
    func changed(newSize: Int) async throws {
        let size = 3 * Self.partSize
        try await FaultyStorage.with { storage in
            storage.change { $0.delay = .milliseconds(300) }
            try await Folder.with { folder in
                try folder.write(Self.bytes(size), to: "file")
                let job = try RunningJob(try work(storage, try folder.path("file"), size: size))
                while storage.count(.part) == 0 { try await Task.sleep(for: .milliseconds(5)) }
                try folder.write(Self.bytes(newSize), to: "file")
                let result = try await job.end()
                #expect(result.status == 1 && result.errors.contains("was changed while it was read"))
                #expect(storage.state.isAborted && storage.count(.complete) == 0)
            }
        }
    }

    @Test("what cannot be read is told at once")
    func noFile() async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                try folder.makeDirectory("directory")
                for (name, words) in [("directory", "Is a directory"), ("no", "No such file or directory")] {
                    let result = try await RunningJob.run(try work(storage, try folder.path(name), size: 1))
                    #expect(result.status == 1 && result.errors.contains(words))
                }
                let device = try await RunningJob.run(try work(storage, try AbsolutePath(normalising: "/dev/null"), size: 0))
                #expect(device.status == 1 && device.errors.contains("Not a regular file"))
                #expect(storage.count(.part) == 0 && storage.state.isAborted)
            }
        }
    }

    @Test("a job that is cancelled aborts the upload")
    func cancelled() async throws {
        try await FaultyStorage.with { storage in
            storage.change { $0.delay = .seconds(30) }
            try await Folder.with { folder in
                try folder.write(Self.bytes(4 * Self.partSize), to: "file")
                let job = try RunningJob(try work(storage, try folder.path("file"), size: 4 * Self.partSize))
                while storage.count(.part) < 3 { try await Task.sleep(for: .milliseconds(10)) }
                kill(job.processID, SIGTERM)
                let result = try await job.end(within: .seconds(30))
                #expect(result.status == 143)
                #expect(!result.output.contains("success"))
                #expect(storage.state.isAborted && storage.count(.part) == 3)
            }
        }
    }

    @Test("the URLs stand in no process's arguments and in no log")
    func secrets() async throws {
        let size = 4 * Self.partSize
        try await FaultyStorage.with(faults: [.part: [.cut(after: 0)]]) { storage in
            storage.change { $0.delay = .milliseconds(200) }
            try await Folder.with { folder in
                try folder.write(Self.bytes(size), to: "file")
                let job = try RunningJob(try work(storage, try folder.path("file"), size: size))
                while storage.count(.part) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                let commands = Set(try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int($0) }).compactMap {
                    try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
                }
                #expect(commands.contains { $0.contains("curl\0") && $0.contains("--upload-file") })
                #expect(!commands.contains { $0.contains("X-Amz-Signature=secret") })
                let result = try await job.end()
                #expect(result.status == 0)
                #expect(!(result.output + result.errors).contains("secret"))
            }
        }
    }

    // MARK: - The script

    @Test("what the parts' URLs share stands in the script once, so that ten thousand parts are far below Slurm's limit")
    func length() throws {
        let urls = (1...10_000).map { number in
            "https://storage.example.org/tenant%3Abucket/\(String(repeating: "k", count: 300))?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=d"
                + "&X-Amz-Expires=1&X-Amz-SignedHeaders=host&partNumber=\(number)&uploadId=\(String(repeating: "u", count: 130))"
                + "&X-Amz-Signature=\(String(repeating: "0", count: 59))\(10000 + number)"
        }
        let work = try S3DownloadWork(
            source: try AbsolutePath(normalising: "/x"), size: 10_000, partSize: 1, partURLs: urls, completeURL: "c", abortURL: "a", headURL: "h",
            parallelRuns: 1
        ).work
        #expect(try work.script.text().utf8.count < 1 << 20 + 1 << 18)
    }

    @Test("the URLs are made of what they share and what they don't")
    func sharing() {
        func items(_ url: String) -> Set<Substring> { Set(url.split { $0 == "?" || $0 == "&" }) }
        for urls in [
            ["https://s/b/k?a=1&partNumber=1&b=2&X=x", "https://s/b/k?a=1&partNumber=2&b=2&X=y"], ["https://s/b/k?a=1"], ["https://s/b/k"],
            ["https://s/b/k?a=1", "https://s/b/l?a=1"], ["https://s/b/k?a=1&n=1", "https://s/b/k?a=1"], [], ["https://s/b/k?a=1", "https://s/b/k?a=1"],
        ] {
            let presigned = PresignedURLs(urls)
            let made = presigned.endings.map { presigned.beginning + $0 }
            #expect(made.count == urls.count)
            #expect(zip(made, urls).allSatisfy { items($0) == items($1) })
        }
        #expect(PresignedURLs(["https://s/k?a=1"]).beginning.isEmpty)
        #expect(PresignedURLs(["https://s/k?a=1&n=1&b=2", "https://s/k?a=1&n=2&b=2"]).endings == ["n=1", "n=2"])
    }

    @Test("more parts than S3 allows, or other parts than the file has, are refused")
    func parts() throws {
        func make(size: Int, partSize: Int, urls: Int) throws {
            _ = try S3DownloadWork(
                source: try AbsolutePath(normalising: "/x"), size: size, partSize: partSize, partURLs: Array(repeating: "u", count: urls),
                completeURL: "c", abortURL: "a", headURL: "h", parallelRuns: 1)
        }
        try make(size: 10_000, partSize: 1, urls: 10_000)
        try make(size: 0, partSize: 5, urls: 1)
        #expect { try make(size: 10_001, partSize: 1, urls: 10_001) } throws: { ($0 as? APIError)?.status == .badRequest }
        #expect { try make(size: -1, partSize: 1, urls: 1) } throws: { ($0 as? APIError)?.status == .badRequest }
        #expect { try make(size: 10, partSize: 5, urls: 3) } throws: { ($0 as? APIError)?.status == .internalServerError }
    }
}
