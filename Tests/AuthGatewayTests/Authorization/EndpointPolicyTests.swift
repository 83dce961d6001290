@testable import AuthGateway
import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite("The policy that asks an endpoint")
struct EndpointPolicyTests {
    private func verdict(_ status: HTTPResponse.Status, _ text: String, headers: HTTPFields = [:]) async throws -> AccessAnswer.Verdict {
        let box = Box<AccessAnswer>()
        try await AskedServer.run(answering: status, text, headers: headers) { server, url in
            box.value = await EndpointPolicy(server: .test("\(url)/check")).answer(.test(), from: .test())
            #expect(server.questions.count == 1)
        }
        return try #require(box.value).verdict
    }

    @Test("sends user, relation and object with the user's token")
    func question() async throws {
        try await AskedServer.run(answering: .ok) { server, url in
            let answer = await EndpointPolicy(server: .test("\(url)/authz/check?x=1")).answer(.test("ada", of: "eiger"), from: .test(token: "secret-token"))
            #expect(answer.verdict == .allowed)
            #expect(!answer.isCached)
            let question = try #require(server.questions.first)
            #expect(question.path == "/authz/check?x=1")
            #expect(question.authorization == "Bearer secret-token")
            #expect(question.body == ["user": "user:ada", "relation": "member", "object": "vcluster:eiger"])
        }
    }

    @Test("takes a 200 for a yes, whatever it says", arguments: ["", "OK", "{}", "[]", "null", #"{"allowed": true}"#, #"{"result": false}"#, "{\"allowed\": fal"])
    func yes(text: String) async throws {
        #expect(try await verdict(.ok, text) == .allowed)
    }

    @Test("takes a 200 for a no that says so", arguments: [
        #"{"allowed": false}"#, #"{"allowed":false,"resolution":""}"#, #"{"allowed": null}"#, #"{"allowed": "false"}"#, #"{"allowed": 0}"#,
    ])
    func no(text: String) async throws {
        #expect(try await verdict(.ok, text) == .denied)
    }

    @Test("takes every other status for a no", arguments: [201, 204, 301, 302, 400, 401, 403, 404, 429, 500, 503])
    func otherStatus(code: Int) async throws {
        // Where a redirect leads to is of no interest: the token must not go there.
        #expect(try await verdict(.init(code: code), #"{"allowed": true}"#, headers: [.location: "/elsewhere"]) == .denied)
    }

    @Test("is without an answer when the endpoint is away, too slow or says too much")
    func silence() async throws {
        let away = await EndpointPolicy(server: .test("http://127.0.0.1:1/check")).answer(.test(), from: .test(token: "secret-token"))
        #expect(away.verdict == .undecided)
        #expect(away.reason.contains("127.0.0.1:1") && !away.reason.contains("secret-token") && !away.reason.contains("check"))
        #expect(try await verdict(.ok, String(repeating: "x", count: 1 << 20)) == .undecided)
        try await AskedServer.run(answering: { _ in
            try? await Task.sleep(for: .seconds(30))
            return Response(status: .ok)
        }) { _, url in
            let start = ContinuousClock.now
            let late = await EndpointPolicy(server: .test("\(url)/check", timeout: .milliseconds(200))).answer(.test(), from: .test())
            #expect(late.verdict == .undecided)
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }

    @Test("asks no more at a time than it may, and gives up who waits too long")
    func limit() async throws {
        try await AskedServer.run(answering: { _ in
            try? await Task.sleep(for: .milliseconds(20))
            return Response(status: .ok)
        }) { server, url in
            let policy = EndpointPolicy(server: .test("\(url)/check", maximumConnections: 2))
            let verdicts = await withTaskGroup(of: AccessAnswer.Verdict.self) { group in
                for _ in 0..<20 { group.addTask { await policy.answer(.test(), from: .test()).verdict } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts == Array(repeating: .allowed, count: 20))
            #expect(server.mostAtOnce <= 2)
        }
        try await AskedServer.run(answering: { _ in
            try? await Task.sleep(for: .seconds(30))
            return Response(status: .ok)
        }) { server, url in
            let policy = EndpointPolicy(server: .test("\(url)/check", timeout: .milliseconds(300), maximumConnections: 1))
            let start = ContinuousClock.now
            let verdicts = await withTaskGroup(of: AccessAnswer.Verdict.self) { group in
                for _ in 0..<5 { group.addTask { await policy.answer(.test(), from: .test()).verdict } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts == Array(repeating: .undecided, count: 5))
            #expect(start.duration(to: .now) < .seconds(10))
            #expect(server.mostAtOnce <= 1)
        }
    }
}
