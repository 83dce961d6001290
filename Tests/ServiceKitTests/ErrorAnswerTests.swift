import Foundation
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@Suite("What a service answers when something fails")
struct ErrorAnswerTests {
    private struct Unforeseen: Error {}

    /// The body of the answer to a request of `route`, with a call context or without.
    private func failure(of route: String, withContext: Bool) async throws -> (HTTPResponse.Status, ErrorBody) {
        let keys = CallContextKeys(folder: FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)").path)
        _ = try keys.generate()
        defer { try? FileManager.default.removeItem(atPath: keys.folder) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let disconnects = ClientDisconnects()
        let router = Router.service(verifier: CallContextVerifier(keys: try keys.verificationKeys()), disconnects: disconnects)
        let group = router.group("compute/:system", context: CallerRequestContext.self)
        group.get("refused") { _, _ -> Response in throw APIError(.forbidden, "no") }
        group.get("broken") { _, _ -> Response in throw Unforeseen() }
        var headers: HTTPFields = [.authorization: "Bearer token"]
        if withContext {
            headers[.callContext] = try CallContextSigner(issuer: .authGateway, keys: keys).headerValue(user: "alice", system: "daint")
        }
        let finished = headers
        return try await ServiceAssembly(responder: router.buildResponder(), disconnects: disconnects, logger: logger).withRunningServer { port in
            let client = HTTPClient(logger: logger)
            let request = HTTPClientRequest(method: .get, url: "http://127.0.0.1:\(port)/compute/daint/\(route)", headerFields: finished)
            let response = try await client.collect(request, upTo: 1 << 20, deadline: .seconds(20))
            await client.shutdown()
            return (response.head.status, try JSONDecoder().decode(ErrorBody.self, from: Data(response.body.readableBytesView)))
        }
    }

    @Test("names the user whose request it was, whatever failed", arguments: [
        ("refused", HTTPResponse.Status.forbidden), ("broken", .internalServerError), ("nowhere", .notFound),
    ])
    func user(route: String, status: HTTPResponse.Status) async throws {
        let (found, body) = try await failure(of: route, withContext: true)
        #expect(found == status)
        #expect(body.user == "alice")
        #expect(!body.message.contains("Unforeseen"))
    }

    @Test("names nobody as long as nobody has proved who it is")
    func nobody() async throws {
        let (found, body) = try await failure(of: "refused", withContext: false)
        #expect(found == .unauthorized)
        #expect(body.user == nil)
    }
}
