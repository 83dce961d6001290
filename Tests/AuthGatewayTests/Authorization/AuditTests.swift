@testable import AuthGateway
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Testing

@Suite("What the log tells of decisions")
struct AuditTests {
    private static let requestID = "0123456789abcdef0123456789abcdef"

    private static func upstream() -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self)
        router.get("**") { _, _ in "{}" }
        return router
    }

    /// Sends one request through a gateway that asks an endpoint, and shows its answer and its lines in the log.
    private func run(
        endpoint: HTTPResponse.Status?, path: String = "/status/daint/nodes", claims: [String: GoldcrestProtocol.JSONValue] = [:],
        changing change: @escaping @Sendable (inout Authorization) -> Void = { _ in }
    ) async throws -> (status: HTTPResponse.Status, lines: [LogRecorder.Line], token: String) {
        let recorder = LogRecorder()
        let outcome = Box<(HTTPResponse.Status, String)>()
        try await AskedServer.run(answering: endpoint ?? .ok) { _, url in
            try await TestGateway.run(
                upstream: Self.upstream(), logger: recorder.logger,
                changing: { settings in
                    var authorization = Authorization(source: .endpoint(url: endpoint == nil ? "http://127.0.0.1:1/check" : "\(url)/check"))
                    change(&authorization)
                    settings.auth.authorization = authorization
                }
            ) { gateway in
                let token = try gateway.issuer.token(changing: claims)
                let answer = try await gateway.send(
                    .get, path, authorization: .some("Bearer \(token)"), headerFields: [.requestID: Self.requestID])
                outcome.value = (answer.head.status, token)
            }
        }
        let (status, token) = try #require(outcome.value)
        return (status, recorder.lines.filter { $0.fields["request.id"] == Self.requestID && $0.message == "request" }, token)
    }

    @Test("one line tells who, what, on which system, what was decided and why", arguments: [
        (HTTPResponse.Status?.some(.ok), HTTPResponse.Status.ok, "allowed"), (.forbidden, .forbidden, "denied"), (nil, .unauthorized, "undecided"),
    ])
    func decisions(endpoint: HTTPResponse.Status?, status: HTTPResponse.Status, decision: String) async throws {
        let result = try await run(endpoint: endpoint, claims: ["azp": "portal", "email": "fire@example.org"])
        #expect(result.status == status)
        #expect(result.lines.count == 1)
        let line = try #require(result.lines.first)
        #expect(line.level == .info)
        let expected = [
            "user": "fireuser", "client.id": "portal", "authorization.user": "user:fireuser", "authorization.relation": "member",
            "authorization.object": "vcluster:daint", "authorization.decision": decision, "authorization.policy": "url",
            "http.route": "/status/{system_name}/nodes", "http.status": "\(status.code)",
        ]
        for (key, value) in expected { #expect(line.fields[key] == value, "\(key)") }
        #expect(line.fields["authorization.reason"]?.isEmpty == false)
        #expect(line.fields["authorization.ms"].flatMap { Double($0) } != nil)
        #expect(line.fields["authorization.cached"] == nil)
        for value in line.fields.values {
            #expect(!value.contains(result.token))
            #expect(!value.contains("fire@example.org"))
        }
    }

    @Test("scopes decide, too")
    func scopes() async throws {
        let result = try await run(endpoint: .ok, path: "/compute/daint/jobs") { $0.requiredScopes = [.computeRead: ["see"]] }
        #expect(result.status == .forbidden)
        let fields = try #require(result.lines.first).fields
        #expect(fields["authorization.policy"] == "scopes")
        #expect(fields["authorization.decision"] == "denied")
        #expect(fields["authorization.reason"] == "The token lacks the scope see")
    }

    @Test("a user that cannot be asked about is told and logged why")
    func unusableSubject() async throws {
        let result = try await run(endpoint: .ok, claims: ["id": "x y"]) { $0.user.claim = "id" }
        #expect(result.status == .forbidden)
        let fields = try #require(result.lines.first).fields
        #expect(fields["authorization.decision"] == "denied")
        #expect(fields["authorization.reason"]?.contains("blank") == true)
        #expect(fields.values.allSatisfy { !$0.contains("x y") })
    }

    @Test("what decides nothing leaves no decision, and a client cannot fill the log")
    func limits() async throws {
        let systems = try await run(endpoint: .forbidden, path: "/status/systems", claims: ["azp": "portal"])
        #expect(systems.status == .ok)
        #expect(try #require(systems.lines.first).fields.keys.allSatisfy { !$0.hasPrefix("authorization.") })
        let long = try await run(endpoint: .ok, claims: ["azp": .string(String(repeating: "x", count: 3000))])
        #expect(try #require(long.lines.first).fields["client.id"]?.count == 256)
    }

    @Test("an answer from the cache is one")
    func cached() async throws {
        let recorder = LogRecorder()
        try await AskedServer.run(answering: .ok) { server, url in
            try await TestGateway.run(
                upstream: Self.upstream(), logger: recorder.logger,
                changing: { $0.auth.authorization = Authorization(source: .endpoint(url: "\(url)/check"), cacheLifetime: .seconds(10)) }
            ) { gateway in
                let authorization = "Bearer \(try gateway.issuer.token())"
                for _ in 0..<3 { #expect(try await gateway.send(.get, "/status/daint/nodes", authorization: .some(authorization)).head.status == .ok) }
            }
            #expect(server.questions.count == 1)
        }
        let decisions = recorder.lines.filter { $0.fields["authorization.decision"] == "allowed" }
        #expect(decisions.map { $0.fields["authorization.cached"] } == [nil, "true", "true"])
    }
}
