import Foundation
import GoldcrestCryptography
import GoldcrestHTTPClient
import Hummingbird
import Logging
import NIOCore
import Testing

@testable import AuthGateway

@Suite final class KeyDocumentsTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest jwks \(UUID())")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    @Test("a document is read from a file, by URL, by path and through a link")
    func file() async throws {
        let file = folder.appending(path: "keys.json")
        try Data("document".utf8).write(to: file)
        let link = folder.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        for location in [file.absoluteString, file.path, link.path] {
            #expect(try await read(location) == Array("document".utf8), "\(location)")
        }
    }

    @Test("what is no file, too large, missing or of another scheme is refused")
    func refusedFile() async throws {
        let large = folder.appending(path: "large.json")
        try Data(count: 10_000_000).write(to: large)
        for location in [large.path, folder.path, folder.appending(path: "missing").path, "/dev/zero", "keys.json", "ftp://host/keys", ""] {
            await #expect(throws: (any Error).self, "\(location)") { try await self.read(location) }
        }
    }

    @Test("keys are read from a web server, and what is no such document is refused")
    func web() async throws {
        let issuer = try TestSigner()
        let keySet = TestSigner.keySet(try issuer.jwk)
        let router = Router()
        router.get("keys") { _, _ in keySet }
        router.get("missing") { _, _ in HTTPResponse.Status.notFound }
        router.get("large") { _, _ in String(repeating: " ", count: 10_000_000) }
        try await withServer(router) { base in
            try await self.withClient { client in
                let documents = KeyDocuments(client: client)
                #expect(try await documents.document(at: "\(base)/keys") == Array(keySet.utf8))
                for path in ["missing", "large"] {
                    await #expect(throws: (any Error).self, "\(path)") { try await documents.document(at: "\(base)/\(path)") }
                }
                let keys = KeyStore(sources: ["\(base)/keys"], defaultAlgorithm: nil, client: client, logger: Logger(label: "test"))
                let verifier = TokenVerifier(keys: keys, policy: TokenPolicy())
                let token = try issuer.token(#"{"exp":4102444800,"preferred_username":"ada"}"#)
                #expect(try await verifier.principal(for: [.authorization: "Bearer \(token)"]).username == "ada")
            }
        }
    }

    private func read(_ location: String) async throws -> [UInt8] {
        try await withClient { try await KeyDocuments(client: $0).document(at: location) }
    }

    private func withClient<Result: Sendable>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
        let client = HTTPClient(logger: Logger(label: "test"))
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Runs a server on a free port of the loopback interface while the body runs.
    private func withServer(_ router: Router<BasicRequestContext>, _ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                if let number = channel.localAddress?.port { port.yield(number) }
                port.finish()
            })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            let number = try #require(await ports.first { _ in true })
            try await body("http://127.0.0.1:\(number)")
            group.cancelAll()
        }
    }
}
