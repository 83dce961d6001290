import Foundation
import GoldcrestProtocol
import Testing

@testable import TransferService

@Suite("The job that brings an uploaded object to the system")
struct S3UploadJobTests {
    private static let partSize = 64 << 10

    private func work(
        _ storage: FaultyStorage, size: Int, to target: AbsolutePath, patience: Duration = .seconds(20), pauses: [Int] = [0, 0, 0]
    ) -> TransferJobWork {
        var upload = S3UploadWork(
            headURL: storage.url(), getURL: storage.url(), size: size, target: target, partSize: Self.partSize, parallelRuns: 3, patience: patience)
        upload.pauses = pauses
        return upload.work
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    @Test("files of any size arrive as they are", arguments: [0, 1, partSize - 1, partSize, partSize + 1, 3 * partSize, 7 * partSize + 5])
    func sizes(size: Int) async throws {
        let object = Self.bytes(size)
        try await FaultyStorage.with(object: object) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: size, to: try folder.path("file")))
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(try folder.content(of: "file") == object)
                #expect(try folder.names() == ["file"])
                #expect(result.output.hasSuffix("File was successfully uploaded.\n"))
                if size > 0 { #expect(result.output.contains("Downloaded \(size) of \(size) bytes\n")) }
                #expect(storage.count(.get) == (size + Self.partSize - 1) / Self.partSize)
            }
        }
    }

    @Test("the target may have any name", arguments: TransferJobScriptTests.names)
    func names(name: String) async throws {
        try await FaultyStorage.with(object: Self.bytes(1000)) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 1000, to: try folder.path(name)))
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(try folder.names() == [name])
                #expect(try folder.content(of: name) == Self.bytes(1000))
            }
        }
    }

    @Test("it waits for the object, which may come late")
    func late() async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                let job = try RunningJob(work(storage, size: 10, to: try folder.path("file")))
                try await job.waitForOutput("Waiting for the file of 10 bytes")
                while storage.count(.head) < 2 { try await Task.sleep(for: .milliseconds(10)) }
                storage.change { $0.object = Self.bytes(10) }
                let result = try await job.end()
                #expect(result.status == 0 && result.errors.isEmpty)
                #expect(try folder.content(of: "file") == Self.bytes(10))
            }
        }
    }

    @Test("an object that never comes fails the job when the time is over, with the reason")
    func never() async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 10, to: try folder.path("file"), patience: .seconds(2)))
                #expect(result.status == 1)
                #expect(result.errors.contains("The file did not come into the storage within 2 seconds."))
                #expect(try folder.names().isEmpty)
            }
        }
    }

    @Test("a storage that is away for a while, or ails, is asked again; one that refuses is not")
    func unwell() async throws {
        try await FaultyStorage.with(object: [1], faults: [.head: [.status(500, ""), .status(503, "")]]) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 1, to: try folder.path("file")))
                #expect(result.status == 0)
                #expect(result.errors.contains("it answers 500") && result.errors.contains("it answers 503"))
            }
        }
        try await FaultyStorage.with(object: [1], faults: [.head: [.status(403, "")]]) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 1, to: try folder.path("file")))
                #expect(result.status == 1 && result.errors.contains("it answers 403"))
                #expect(storage.count(.head) == 1)
            }
        }
    }

    @Test("an object of another size than announced is refused", arguments: [0, 9, 11])
    func otherSize(size: Int) async throws {
        try await FaultyStorage.with(object: Self.bytes(size)) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 10, to: try folder.path("file")))
                #expect(result.status == 1)
                #expect(result.errors.contains("has \(size) bytes, but 10 were announced"))
                #expect(try folder.names().isEmpty)
                #expect(storage.count(.get) == 0)
            }
        }
    }

    @Test(
        "a range that comes broken or wrong is fetched again",
        arguments: [
            [FaultyStorage.Fault.cut(after: 1000)], [.status(500, ""), .status(503, "")], [.length(-1), .length(-1000)], [.length(5)], [.cut(after: 0)],
        ])
    func brokenRange(faults: [FaultyStorage.Fault]) async throws {
        let object = Self.bytes(3 * Self.partSize + 1)
        try await FaultyStorage.with(object: object, faults: [.get: faults]) { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: object.count, to: try folder.path("file")))
                #expect(result.status == 0, "\(result.errors)")
                #expect(try folder.content(of: "file") == object)
                #expect(storage.count(.get) == 4 + faults.count)
                #expect(result.errors.contains("Range "))
            }
        }
    }

    @Test(
        "a range that cannot be had fails the job, leaves the old file alone and nothing else behind",
        arguments: [
            [FaultyStorage.Fault](repeating: .status(500, ""), count: 50), [FaultyStorage.Fault](repeating: .ignoresRange, count: 50),
            [FaultyStorage.Fault](repeating: .cut(after: 5), count: 50), [.status(403, "")],
        ])
    func noRange(faults: [FaultyStorage.Fault]) async throws {
        let object = Self.bytes(3 * Self.partSize + 1)
        try await FaultyStorage.with(object: object, faults: [.get: faults]) { storage in
            try await Folder.with { folder in
                try folder.write("old".utf8, to: "file")
                let result = try await RunningJob.run(work(storage, size: object.count, to: try folder.path("file")))
                #expect(result.status == 1)
                #expect(result.errors.contains("The file could not be fetched from the storage."))
                #expect(!result.output.contains("successfully"))
                #expect(try folder.content(of: "file") == Array("old".utf8))
                #expect(try folder.names() == ["file"])
            }
        }
    }

    @Test("an existing file keeps its mode, and a link is written through")
    func existing() async throws {
        try await FaultyStorage.with(object: Self.bytes(10)) { storage in
            try await Folder.with { folder in
                try folder.write("old".utf8, to: "file", mode: 0o640)
                try FileManager.default.createSymbolicLink(atPath: folder.path("link").string, withDestinationPath: "file")
                let result = try await RunningJob.run(work(storage, size: 10, to: try folder.path("link")))
                #expect(result.status == 0)
                #expect(try folder.content(of: "file") == Self.bytes(10))
                #expect(try folder.mode(of: "file") == 0o640)
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link").string) == "file")
            }
        }
    }

    @Test("a target that cannot be written is told before anything is waited for")
    func impossibleTarget() async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                try folder.makeDirectory("directory")
                try folder.write("x".utf8, to: "file")
                for (name, words) in [
                    ("directory", "Is a directory"), ("no/file", "No such file or directory"), ("file/file", "Not a directory"),
                ] {
                    let result = try await RunningJob.run(work(storage, size: 10, to: try folder.path(name)))
                    #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
                }
                let result = try await RunningJob.run(work(storage, size: 1 << 60, to: try folder.path("large")))
                #expect(result.status == 1 && result.errors.contains("There is no room"))
                #expect(storage.count(.head) == 0)
            }
        }
    }

    @Test("a job that is cancelled while it waits or fetches leaves nothing behind", arguments: [false, true])
    func cancelled(whileFetching: Bool) async throws {
        let size = 4 * Self.partSize
        try await FaultyStorage.with(object: whileFetching ? Self.bytes(size) : nil) { storage in
            storage.change { $0.delay = .seconds(30) }
            try await Folder.with { folder in
                let job = try RunningJob(work(storage, size: size, to: try folder.path("file")))
                while storage.count(whileFetching ? .get : .head) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                #expect(try folder.names().isEmpty != whileFetching)
                kill(job.processID, SIGTERM)
                let result = try await job.end(within: .seconds(30))
                #expect(result.status == 143)
                #expect(!result.output.contains("successfully"))
                #expect(try folder.names().isEmpty)
            }
        }
    }

    @Test("a job that starts again takes the place of what the first time has left")
    func again() async throws {
        let id = UUID()
        try await FaultyStorage.with(object: Self.bytes(10)) { storage in
            try await Folder.with { folder in
                try folder.write(Self.bytes(5000), to: ".goldcrest-upload-\(id.uuidString.lowercased())")
                #expect(try await RunningJob.run(work(storage, size: 10, to: try folder.path("file")), taskID: id).status == 0)
                #expect(try folder.names() == ["file"])
                #expect(try folder.content(of: "file") == Self.bytes(10))
            }
        }
    }

    @Test("without curl the job says so")
    func noCurl() async throws {
        try await FaultyStorage.with { storage in
            try await Folder.with { folder in
                let result = try await RunningJob.run(work(storage, size: 1, to: try folder.path("file")), environment: ["PATH": folder.url.path()])
                #expect(result.status == 1 && result.errors.contains("curl is not installed on this node"))
            }
        }
    }

    @Test("the URLs stand in no process's arguments and in no log")
    func secrets() async throws {
        let size = 4 * Self.partSize
        try await FaultyStorage.with(object: Self.bytes(size), faults: [.get: [.cut(after: 1)]]) { storage in
            storage.change { $0.delay = .milliseconds(200) }
            try await Folder.with { folder in
                let target = try folder.path("file")
                let job = try RunningJob(work(storage, size: size, to: target))
                while storage.count(.get) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                let commands = Set(try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int($0) }).compactMap {
                    try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
                }
                #expect(commands.contains { $0.contains("curl\0") && $0.contains("--range") })
                #expect(!commands.contains { $0.contains("X-Amz-Signature=secret") })
                let result = try await job.end()
                #expect(result.status == 0)
                #expect(!(result.output + result.errors).contains("secret"))
            }
        }
    }
}
