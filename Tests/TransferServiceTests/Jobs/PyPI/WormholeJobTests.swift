import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import PyPITesting
import StackTesting
import Testing

@testable import TransferService

@Suite("The job of a transfer by Magic Wormhole, with its real client")
struct WormholeJobTests {
    private struct Transfer {
        let folder: Folder
        let servers: WormholeServers
        let packages: PyPIPackages
        let code: WormholeCode
        let job: RunningJob

        /// Runs `body` beside a job, and checks that nothing of the job is left behind it.
        static func with(
            patience: Duration = .seconds(300), in folder: Folder, _ work: (WormholeJob) throws -> TransferJobWork, _ body: (Transfer) async throws -> Void
        ) async throws {
            let packages = try await PyPIPackages.installed()
            try await WormholeServers.with { servers in
                let code = WormholeCode.random()
                let settings = Cluster.DataTransfer.Wormhole(
                    pypiIndexURL: packages.indexURL, relayURL: servers.relayURL, transitHelper: servers.transitHelper)
                try folder.makeDirectory("scratch")
                let scratch = try folder.path("scratch").string
                let job = try RunningJob(
                    try work(WormholeJob(settings: settings, code: code, waitTimeout: patience)),
                    environment: ["TMPDIR": scratch, "PIP_CONFIG_FILE": "/dev/null"])
                try await body(Transfer(folder: folder, servers: servers, packages: packages, code: code, job: job))
                #expect(try folder.names(in: "scratch").isEmpty)
                #expect(LocalProcess.all(with: scratch).isEmpty)
            }
        }

        func end() async throws -> RunningJob.Result {
            let result = try await job.end(within: .seconds(300))
            #expect(!(result.output + result.errors).contains(code.secret.revealed))
            return result
        }

        /// The package's own command for users.
        func client(_ arguments: String...) throws -> ToolProcess {
            try ToolProcess(packages.command("wormhole"), arguments, environment: servers.environment)
        }
    }

    static let files = [(size: 0, name: "empty"), (size: 5 << 20 | 1, name: "-rf \"it's\" $(touch pwned)"), (size: 50_000_000, name: "ünï 日本")]

    @Test("files of any size and name arrive as they are on the system", arguments: files)
    func uploads(size: Int, name: String) async throws {
        try await Folder.with { folder in
            let content = StreamerJobTests.bytes(size)
            try folder.write(content, to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path(name)) }) { transfer in
                let client = try transfer.client(
                    "send", "--hide-progress", "--no-qr", "--code", transfer.code.secret.revealed, try folder.path("sent").string)
                let result = try await transfer.end()
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.hasSuffix("File was successfully uploaded to the target.\n"))
                let sent = try await client.end()
                #expect(sent.status == 0, "\(sent.output)")
            }
            #expect(try folder.content(of: name) == content)
            #expect(try Set(folder.names()) == ["sent", "scratch", name])
        }
    }

    @Test("files of any size and name arrive as they are at the user", arguments: files)
    func downloads(size: Int, name: String) async throws {
        try await Folder.with { folder in
            let content = StreamerJobTests.bytes(size)
            try folder.write(content, to: name)
            try await Transfer.with(in: folder, { try $0.download(from: try folder.path(name)) }) { transfer in
                // Nobody's command line has the code: not this job's, and the client is not there yet.
                try await eventually(within: .seconds(300), "the program runs") {
                    LocalProcess.all(with: folder.url.path()).contains { $0.contains("Runs the command `wormhole`") && $0.contains("/environment/bin/python") }
                }
                #expect(LocalProcess.all(with: transfer.code.secret.revealed).isEmpty)
                let client = try transfer.client(
                    "receive", "--hide-progress", "--accept-file", "--output-file", try folder.path("received").string, transfer.code.secret.revealed)
                let result = try await transfer.end()
                #expect(result.status == 0, "\(result.errors)")
                #expect(result.output.hasSuffix("File was successfully downloaded by the client.\n"))
                let received = try await client.end()
                #expect(received.status == 0, "\(received.output)")
            }
            #expect(try folder.content(of: "received") == content)
        }
    }

    @Test("an existing file keeps its mode")
    func existing() async throws {
        try await Folder.with { folder in
            try folder.write("old".utf8, to: "file", mode: 0o640)
            try folder.write("new".utf8, to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let client = try transfer.client("send", "--no-qr", "--code", transfer.code.secret.revealed, try folder.path("sent").string)
                #expect(try await transfer.end().status == 0)
                _ = try await client.end()
            }
            #expect(try folder.content(of: "file") == Array("new".utf8))
            #expect(try folder.mode(of: "file") == 0o640)
        }
    }

    @Test("with other words the job fails and leaves the old file")
    func wrongWords() async throws {
        try await Folder.with { folder in
            try folder.write("old".utf8, to: "file")
            try folder.write("new".utf8, to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let number = transfer.code.secret.revealed.prefix { $0 != "-" }
                let client = try transfer.client("send", "--no-qr", "--code", "\(number)-other-words", try folder.path("sent").string)
                let result = try await transfer.end()
                #expect(result.status == 1)
                // wormhole breaks its lines.
                #expect(result.errors.replacing("\n", with: " ").contains("Key confirmation failed"), "\(result.errors)")
                #expect(try await client.end().status == 1)
            }
            #expect(try folder.content(of: "file") == Array("old".utf8))
            #expect(try Set(folder.names()) == ["sent", "file", "scratch"])
        }
    }

    @Test("a text and a directory are no file", arguments: [["send", "--text", "hello"], ["send", "--hide-progress", "directory"]])
    func noFile(arguments: [String]) async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("directory")
            try folder.write("x".utf8, to: "directory/x")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let what = try arguments.map { $0 == "directory" ? try folder.path($0).string : $0 }
                let client = try ToolProcess(
                    transfer.packages.command("wormhole"), [what[0], "--no-qr", "--code", transfer.code.secret.revealed] + what.dropFirst(),
                    environment: transfer.servers.environment)
                let result = try await transfer.end()
                #expect(result.status == 1 && result.errors.contains("The other side sent no file."), "\(result.errors)")
                _ = try await client.end()
            }
            #expect(try Set(folder.names()) == ["directory", "scratch"])
        }
    }

    @Test("when the other side does not come the job fails with that reason")
    func nobody() async throws {
        try await Folder.with { folder in
            try await Transfer.with(patience: .seconds(1), in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let result = try await transfer.end()
                #expect(result.status == 1 && result.errors.contains("The other side did not come within 1 seconds"), "\(result.errors)")
            }
            #expect(try folder.names() == ["scratch"])
        }
    }

    @Test("a cancelled job ends soon and leaves nothing")
    func cancelled() async throws {
        try await Folder.with { folder in
            try folder.write("x".utf8, to: "file")
            try await Transfer.with(in: folder, { try $0.download(from: try folder.path("file")) }) { transfer in
                // wormhole tells when it has reached the mailbox server.
                try await eventually(within: .seconds(300), "the job waits for the other side") { transfer.job.errors.contains("Wormhole code is") }
                kill(transfer.job.processID, SIGTERM)
                let result = try await transfer.end()
                #expect(result.status == 143 && result.errors.contains("The transfer was cancelled."), "\(result.errors)")
            }
            #expect(try Set(folder.names()) == ["file", "scratch"])
        }
    }

    @Test("a sender that is lost in the middle fails the job, and nothing of the file stays")
    func lostSender() async throws {
        try await Folder.with { folder in
            try folder.write(StreamerJobTests.bytes(200_000_000), to: "sent")
            try await Transfer.with(in: folder, { try $0.upload(to: try folder.path("file")) }) { transfer in
                let client = try transfer.client("send", "--no-qr", "--code", transfer.code.secret.revealed, try folder.path("sent").string)
                try await eventually(within: .seconds(300), "the file is on its way") { transfer.job.errors.contains("Receiving (") }
                client.kill()
                let result = try await transfer.end()
                #expect(result.status == 1, "\(result.output)")
                #expect(!result.output.contains("successfully"))
                _ = try await client.end()
            }
            #expect(try Set(folder.names()) == ["sent", "scratch"])
        }
    }
}
