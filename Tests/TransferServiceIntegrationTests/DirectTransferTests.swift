import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

/// What the API answers; the jobs are ended before they have begun to install anything.
@Suite("Transfers between the user's machine and a job")
struct DirectTransferTests {
    private func withFixture(_ transfer: Cluster.DataTransfer, _ body: @escaping @Sendable (TransferFixture) async throws -> Void) async throws {
        try await TransferFixture.with(
            changing: { cluster in
                cluster.dataOperation.dataTransfer = transfer
                cluster.dataOperation.datatransferJobsDirectives = ["#SBATCH --hold"]
            }, body)
    }

    /// Asks for a transfer of a file that is there, and cancels its job.
    private func ask(_ fixture: TransferFixture, _ operation: String, _ directives: JSONValue) async throws -> TransferFixture.Directives {
        let path = "\(fixture.directory)/file"
        try Data("x".utf8).write(to: URL(filePath: path))
        let answer = try await fixture.transfer(operation, ["path": .string(path), "transferDirectives": directives])
        guard answer.status == .created else { throw Unexpected(description: "\(operation): \(answer)") }
        let job = try answer.job().jobId
        #expect(try await fixture.compute(.delete, "jobs/\(job)").status == .noContent)
        #expect(try await fixture.end(of: job).state == "cancelled")
        return try answer.directives()
    }

    @Test("a streamer's job is found by coordinates, each with a secret of its own", arguments: ["upload", "download"])
    func streamer(operation: String) async throws {
        struct Coordinates: Decodable {
            let ports: [Int]
            let ips: [String]
            let secret: String
        }
        try await withFixture(.streamer(.init(portRange: 5001...5002, publicIPs: ["192.0.2.1", "192.0.2.2"]))) { fixture async throws in
            var secrets: Set<String> = []
            for _ in 0..<2 {
                let directives = try await ask(fixture, operation, ["transferMethod": "streamer"])
                #expect(directives.transferMethod == "streamer" && directives.wormholeCode == nil && directives.downloadUrl == nil)
                let text = try #require(directives.coordinates).replacing("-", with: "+").replacing("_", with: "/")
                let coordinates = try JSONDecoder().decode(Coordinates.self, from: try #require(Data(base64Encoded: text)))
                #expect(coordinates.ports == [5001, 5002] && coordinates.ips == ["192.0.2.1", "192.0.2.2"])
                secrets.insert(coordinates.secret)
            }
            #expect(secrets.count == 2)
        }
    }

    @Test("a wormhole's code comes from the user for an upload, and goes to the user for a download")
    func wormhole() async throws {
        try await withFixture(.wormhole(.init())) { fixture async throws in
            let sent = try await ask(fixture, "upload", ["transferMethod": "wormhole", "wormholeCode": "7-crossover-clockwork"])
            #expect(sent.transferMethod == "wormhole" && sent.wormholeCode == "7-crossover-clockwork" && sent.coordinates == nil)
            let received = try await ask(fixture, "download", ["transferMethod": "wormhole"])
            #expect(try #require(received.wormholeCode).contains("-"))
            let requests = try await fixture.database { pool in
                try await pool.query("SELECT request::text AS request FROM transfer_tasks").map { try $0.decode("request", as: String.self) }
            }
            #expect(requests.count == 2 && !requests.contains { $0.contains("clockwork") })
        }
    }

    @Test("a streamer that users are not told the way to is not there")
    func unreachable() async throws {
        try await withFixture(.streamer(.init())) { fixture async throws in
            let answer = try await fixture.transfer(
                "upload", ["path": .string("\(fixture.directory)/x"), "transferDirectives": ["transferMethod": "streamer"]])
            #expect(answer.status == .notImplemented && answer.error?.message.contains("public_ips") == true, "\(answer)")
            #expect(try await fixture.tasks().isEmpty)
        }
    }
}
