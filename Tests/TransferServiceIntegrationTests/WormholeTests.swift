import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import PyPITesting
import StackTesting
import Testing

@Suite("Transfers by Magic Wormhole through jobs of a real scheduler")
struct WormholeTests {
    private func withFixture(
        _ body: @escaping @Sendable (TransferFixture, WormholeServers, PyPIPackages) async throws -> Void
    ) async throws {
        let packages = try await PyPIPackages.installed()
        try await WormholeServers.with { servers in
            try await TransferFixture.with(
                changing: {
                    $0.dataOperation.dataTransfer = .wormhole(
                        .init(pypiIndexURL: packages.indexURL, relayURL: servers.relayURL, transitHelper: servers.transitHelper))
                },
                { try await body($0, servers, packages) })
        }
    }

    @Test("a file comes with the user's code and goes with the service's")
    func bothWays() async throws {
        try await withFixture { fixture, servers, packages async throws in
            let local = FileManager.default.temporaryDirectory.appending(path: "goldcrest-wormhole-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: local, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: local) }
            let (sent, received) = (local.appending(path: "sent"), local.appending(path: "received"))
            let content = Data(SecureRandom.bytes(12_000_001))
            try content.write(to: sent)
            let path = "\(fixture.directory)/it's \"ünï\" & $x"

            // As pyfirecrest does: the client makes the code and hands it on.
            let sender = try ToolProcess(packages.command("wormhole"), ["send", "--no-qr", "--code-length", "4", sent.path()], environment: servers.environment)
            let code = try await eventually(within: .seconds(60), "the client tells its code") {
                let output = sender.output
                guard let announcement = output.firstRange(of: "Wormhole code is: "), let end = output[announcement.upperBound...].firstIndex(of: "\n") else {
                    return nil as String?
                }
                return String(output[announcement.upperBound..<end])
            }
            let upload = try await fixture.transfer(
                "upload", ["path": .string(path), "transferDirectives": ["transferMethod": "wormhole", "wormholeCode": .string(code)]])
            #expect(upload.status == .created, "\(upload.text)")
            try await fixture.succeed(upload.job())
            #expect(try await sender.end().status == 0)
            let isSame = try Data(contentsOf: URL(filePath: path)) == content
            #expect(isSame)

            let download = try await fixture.transfer("download", ["path": .string(path), "transferDirectives": ["transferMethod": "wormhole"]])
            #expect(download.status == .created, "\(download.text)")
            let ours = try #require(try download.directives().wormholeCode)
            let receiver = try ToolProcess(
                packages.command("wormhole"), ["receive", "--accept-file", "--output-file", received.path(), ours], environment: servers.environment)
            try await fixture.succeed(download.job())
            #expect(try await receiver.end().status == 0)
            let comesBack = try Data(contentsOf: received) == content
            #expect(comesBack)

            for job in [try upload.job(), try download.job()] {
                #expect(try await fixture.log(job.logs.outputLog).contains("File was successfully"))
            }
        }
    }

    @Test("a code that is none is refused, and no job starts")
    func noCode() async throws {
        try await withFixture { fixture, _, _ async throws in
            for directives in [["transferMethod": "wormhole"], ["transferMethod": "wormhole", "wormholeCode": "hush"]] as [JSONValue] {
                let answer = try await fixture.transfer("upload", ["path": .string("\(fixture.directory)/file"), "transferDirectives": directives])
                #expect(answer.status == .badRequest && answer.text.contains("wormholeCode") && !answer.text.contains("hush"), "\(answer.text)")
            }
            #expect(try await fixture.tasks().isEmpty)
        }
    }
}
