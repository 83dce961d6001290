import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import Logging
import Synchronization
import Testing

@testable import GoldcrestSSH

@Suite("Services that give keys", .timeLimit(.minutes(1)))
struct KeyServiceTests {
    let user = SSHUser(name: "ann", token: "ann's token", requestID: "r-1", correlationID: "c-1")

    @Test("the key service is asked with the user's token, and its key is used")
    func keyService() async throws {
        try await withService(answering: .created, #"{"sshKey":{"privateKey":"PRIVATE","publicKey":"CERTIFICATE"}}"#) { source, request in
            let credential = try await source { .service(url: $0 + "/", maxConnections: 2) }.credential(for: user)
            #expect(credential.privateKey == "PRIVATE")
            #expect(credential.publicKey == "CERTIFICATE")
            let seen = try #require(request())
            #expect(seen.path == "/api/v1/ssh-keys")
            #expect(seen.body == ["duration": "1min", "username": "ann"])
            #expect(seen.fields[.authorization] == "Bearer ann's token")
            #expect(seen.field("x-client-type") == "api")
            #expect(seen.field("x-client-name") == "firecrest")
            #expect(seen.field("X-Request-ID") == "r-1")
            #expect(seen.field("X-Correlation-ID") == "c-1")
        }
    }

    @Test("the authority is given a fresh ECDSA key, and its certificate is used with it")
    func authority() async throws {
        let certificate = "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA comment\n"
        try await withService(answering: .ok, certificate) { source, request in
            let credential = try await source { .certificateAuthority(url: $0, maxConnections: 2) }.credential(for: user)
            #expect(credential.publicKey == "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAA comment")
            #expect(credential.privateKey.hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
            let seen = try #require(request())
            #expect(seen.path == "/sign")
            #expect(seen.body["OTT"] == "ann's token")
            #expect(seen.body["PublicKey"]?.hasPrefix("ecdsa-sha2-nistp256 ") == true)
            #expect(seen.fields[.authorization] == nil)
        }
    }

    @Test("a refusal is the user's, a failure the service's", arguments: [(401, 403), (403, 403), (404, 403), (500, 424), (302, 424)])
    func refusals(status: Int, expected: Int) async throws {
        try await withService(answering: .init(code: status), #"{"message":"because"}"#) { source, _ in
            let error = await #expect(throws: SSHError.self) {
                _ = try await source { .service(url: $0, maxConnections: 2) }.credential(for: user)
            }
            #expect(error?.apiError.status.code == expected)
            #expect(error?.causes == ["because"])
        }
    }

    @Test("an answer that is no key is the service's failure", arguments: [false, true])
    func nonsense(isAuthority: Bool) async throws {
        try await withService(answering: .ok, "<html>") { source, _ in
            let source = source { isAuthority ? .certificateAuthority(url: $0, maxConnections: 1) : .service(url: $0, maxConnections: 1) }
            #expect(await errorCode { _ = try await source.credential(for: user) } == .credentialServiceUnreachable)
        }
    }

    @Test("a service that is not there is the service's failure")
    func unreachable() async throws {
        let client = HTTPClient(logger: Logger(label: "test"))
        let source = SSHCredentials.service(url: "http://127.0.0.1:1", maxConnections: 1).source(httpClient: client)
        #expect(await errorCode { _ = try await source.credential(for: user) } == .credentialServiceUnreachable)
        await client.shutdown()
    }

    private struct Seen: Sendable {
        var path: String
        var fields: HTTPFields
        var body: [String: String]

        func field(_ name: String) -> String? {
            HTTPField.Name(name).flatMap { fields[$0] }
        }
    }

    /// Runs `body` with a service that gives one answer to everything.
    private func withService(
        answering status: HTTPResponse.Status, _ text: String,
        _ body: @Sendable ((@Sendable (String) -> SSHCredentials) -> any SSHCredentialSource, @Sendable () -> Seen?) async throws -> Void
    ) async throws {
        let client = HTTPClient(logger: Logger(label: "test"))
        let seen = Mutex<Seen?>(nil)
        let router = Router()
        for path in ["/api/v1/ssh-keys", "/sign"] {
            router.post(RouterPath(path)) { request, _ in
                let bytes = try await request.body.collect(upTo: 100_000)
                let body = try JSONDecoder().decode([String: String].self, from: Data(bytes.readableBytesView))
                seen.withLock { $0 = Seen(path: request.uri.path, fields: request.headers, body: body) }
                return Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
            }
        }
        let (ports, running) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in running.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let result = await Swift.Result {
                try await body({ $0("http://127.0.0.1:\(port)").source(httpClient: client) }, { seen.withLock { $0 } })
            }
            group.cancelAll()
            try? await group.waitForAll()
            try result.get()
        }
        await client.shutdown()
    }
}

extension Swift.Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
