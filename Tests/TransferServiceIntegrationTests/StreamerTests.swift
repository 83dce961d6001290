import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import PyPITesting
import StackTesting
import Testing

@Suite("Transfers by firecrest-streamer through jobs of a real scheduler")
struct StreamerTests {
    private func withFixture(_ body: @escaping @Sendable (TransferFixture, PyPIPackages) async throws -> Void) async throws {
        let packages = try await PyPIPackages.installed()
        let first = try FreePort.find()
        try await TransferFixture.with(
            changing: {
                $0.dataOperation.dataTransfer = .streamer(
                    .init(host: "127.0.0.1", portRange: first...min(first + 5, 65535), waitTimeout: .seconds(300), pypiIndexURL: packages.indexURL))
            },
            { try await body($0, packages) })
    }

    /// Runs the user's client when the job is ready for it.
    private func client(
        _ operation: String, _ path: String, _ directives: TransferFixture.Directives, _ job: TransferFixture.TransferJob, _ fixture: TransferFixture,
        _ packages: PyPIPackages
    ) async throws {
        #expect(directives.transferMethod == "streamer")
        let coordinates = try #require(directives.coordinates)
        try await eventually(within: .seconds(300), "the job waits for its client") {
            (try? await fixture.log(job.logs.outputLog))?.contains("Waiting for the client") == true
        }
        let run = try await ToolProcess(packages.command("streamer"), [operation, "--coordinates", coordinates, "--path", path]).end()
        #expect(run.output.contains("successfully"), "\(run.output)")
    }

    @Test("a file comes and goes as it is, and the task follows it to the end")
    func bothWays() async throws {
        try await withFixture { fixture, packages async throws in
            let local = FileManager.default.temporaryDirectory.appending(path: "goldcrest-streamer-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: local, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: local) }
            let (sent, received) = (local.appending(path: "sent"), local.appending(path: "received"))
            let content = Data(SecureRandom.bytes(12_000_001))
            try content.write(to: sent)
            let path = "\(fixture.directory)/it's \"ünï\" & $x"

            let upload = try await fixture.transfer("upload", ["path": .string(path), "transferDirectives": ["transferMethod": "streamer"]])
            #expect(upload.status == .created, "\(upload.text)")
            try await client("send", sent.path(), upload.directives(), upload.job(), fixture, packages)
            try await fixture.succeed(upload.job())
            let isSame = try Data(contentsOf: URL(filePath: path)) == content
            #expect(isSame)

            let download = try await fixture.transfer("download", ["path": .string(path), "transferDirectives": ["transferMethod": "streamer"]])
            #expect(download.status == .created, "\(download.text)")
            try await client("receive", received.path(), download.directives(), download.job(), fixture, packages)
            try await fixture.succeed(download.job())
            let comesBack = try Data(contentsOf: received) == content
            #expect(comesBack)

            for job in [try upload.job(), try download.job()] {
                #expect(try await fixture.log(job.logs.outputLog).contains("File was successfully"))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.directory).count == 1)
        }
    }

    @Test("a cancelled job ends its server and leaves nothing")
    func cancelled() async throws {
        try await withFixture { fixture, _ async throws in
            let path = "\(fixture.directory)/file"
            let answer = try await fixture.transfer("upload", ["path": .string(path), "transferDirectives": ["transferMethod": "streamer"]])
            let job = try answer.job()
            try await eventually(within: .seconds(300), "the job waits for its client") {
                (try? await fixture.log(job.logs.outputLog))?.contains("Waiting for the client") == true
            }
            #expect(try await fixture.compute(.delete, "jobs/\(job.jobId)").status == .noContent)
            #expect(try await fixture.end(of: job.jobId).state == "cancelled")
            try await eventually("nothing is left") { try FileManager.default.contentsOfDirectory(atPath: fixture.directory).isEmpty }
        }
    }

    @Test("a system whose configuration names no address answers 501 and starts no job")
    func noAddress() async throws {
        try await TransferFixture.with(changing: { $0.dataOperation.dataTransfer = .streamer(.init()) }) { fixture async throws in
            let answer = try await fixture.transfer(
                "upload", ["path": .string("\(fixture.directory)/file"), "transferDirectives": ["transferMethod": "streamer"]])
            #expect(answer.status == .notImplemented && answer.text.contains("public_ips"), "\(answer.text)")
            #expect(try await fixture.tasks().isEmpty)
        }
    }
}
