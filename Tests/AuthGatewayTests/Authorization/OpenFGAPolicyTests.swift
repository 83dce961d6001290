@testable import AuthGateway
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import Logging
import Testing

@Suite("The policy that asks an OpenFGA server")
struct OpenFGAPolicyTests {
    private static func policy(
        _ url: String, modelID: String? = nil, token: String? = nil, timeout: Duration = .seconds(10)
    ) -> OpenFGAPolicy {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return OpenFGAPolicy(
            .init(url: url, storeID: "01STORE", modelID: modelID, token: token.map { Secret($0) }), client: HTTPClient(logger: logger),
            timeout: timeout)
    }

    private func answer(_ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = [:]) async throws -> AccessAnswer {
        let box = Box<AccessAnswer>()
        try await AskedServer.run(answering: status, text, headers: headers) { _, url in
            box.value = await Self.policy(url).answer(.test(), from: .test())
        }
        return try #require(box.value)
    }

    @Test("sends the tuple to the store's check, and nothing of the user's token")
    func question() async throws {
        try await AskedServer.run(answering: .ok, #"{"allowed":true,"resolution":""}"#) { server, url in
            #expect(await Self.policy("\(url)/prefix").answer(.test(), from: .test(token: "secret-token")).verdict == .allowed)
            let question = try #require(server.questions.first)
            #expect(question.path == "/prefix/stores/01STORE/check")
            #expect(question.authorization == nil)
            #expect(question.body == ["tuple_key": ["user": "user:ada", "relation": "member", "object": "vcluster:daint"]])
        }
    }

    @Test("sends model, groups and its own token where there are any")
    func wholeQuestion() async throws {
        try await AskedServer.run(answering: .ok, #"{"allowed":false}"#) { server, url in
            let policy = Self.policy(url, modelID: "01MODEL", token: "hush")
            #expect(await policy.answer(.test(groups: ["a", "/b"]), from: .test()).verdict == .denied)
            let question = try #require(server.questions.first)
            #expect(question.authorization == "Bearer hush")
            #expect(question.body == [
                "tuple_key": ["user": "user:ada", "relation": "member", "object": "vcluster:daint"],
                "authorization_model_id": "01MODEL",
                "contextual_tuples": [
                    "tuple_keys": [
                        ["user": "user:ada", "relation": "member", "object": "group:a"],
                        ["user": "user:ada", "relation": "member", "object": "group:/b"],
                    ]
                ],
            ])
        }
    }

    @Test("has no answer in what is none to a check", arguments: [
        "", "OK", "{}", "[]", "true", #"{"allowed": "true"}"#, #"{"allowed": 1}"#, #"{"allowed": null}"#, #"{"allowed": true"#, #"[{"allowed": true}]"#,
        String(repeating: "[", count: 60_000), String(repeating: "x", count: 1 << 20),
    ])
    func garbage(text: String) async throws {
        #expect(try await answer(.ok, text).verdict == .undecided)
    }

    @Test("has no answer in any other status, even if it says yes", arguments: [201, 204, 302, 307, 400, 401, 403, 404, 429, 500, 503])
    func otherStatus(code: Int) async throws {
        #expect(try await answer(.init(code: code), #"{"allowed": true}"#, headers: [.location: "/elsewhere"]).verdict == .undecided)
    }

    @Test("tells the server's words about why it does not answer, but not endlessly")
    func words() async throws {
        let refused = try await answer(.badRequest, #"{"code":"validation_error","message":"relation 'vcluster#member' not found"}"#)
        #expect(refused.reason == "the OpenFGA server answered with the status 400: validation_error, relation 'vcluster#member' not found")
        let long = try await answer(.badRequest, #"{"code":"c","message":"\#(String(repeating: "x", count: 10_000))"}"#)
        #expect(long.reason.count < 400)
    }

    @Test("is without an answer when the server is away or too slow, and names no secret")
    func silence() async throws {
        let away = await Self.policy("http://127.0.0.1:1", token: "hush").answer(.test(), from: .test())
        #expect(away.verdict == .undecided)
        #expect(!away.reason.contains("hush"))
        try await AskedServer.run(answering: { _ in
            try? await Task.sleep(for: .seconds(30))
            return Response(status: .ok)
        }) { _, url in
            let start = ContinuousClock.now
            #expect(await Self.policy(url, timeout: .milliseconds(200)).answer(.test(), from: .test()).verdict == .undecided)
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }
}
