@testable import AuthGateway
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import ReBAC
import Synchronization
import Testing

@Suite("Access control")
struct AccessControlTests {
    /// Gives one answer to everything, and remembers what it was asked.
    private final class Oracle: AccessPolicy {
        let name = "oracle"
        private let verdict: AccessAnswer
        private let asked = Mutex<[AccessQuestion]>([])

        init(_ verdict: AccessAnswer = .allowed("it is so")) { self.verdict = verdict }

        var questions: [String] { asked.withLock { $0.map(\.key.description) } }

        func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
            asked.withLock { $0.append(question) }
            return verdict
        }
    }

    private func match(_ method: HTTPRequest.Method, _ path: String) throws -> RouteTable.Match {
        guard case .match(let match) = RouteTable().find(method, path) else { throw UnusableClaim(reason: "no route \(path)") }
        return match
    }

    /// One route for each permission.
    private static let routes: [(APIRoute.Permission, HTTPRequest.Method, String)] = [
        (.status, .get, "/status/daint/nodes"), (.computeRead, .get, "/compute/daint/jobs"), (.computeWrite, .post, "/compute/daint/jobs"),
        (.filesystemRead, .get, "/filesystem/daint/ops/ls"), (.filesystemWrite, .delete, "/filesystem/daint/ops/rm"),
        (.transfer, .post, "/filesystem/daint/transfer/cp"),
    ]

    @Test("has nothing to decide where nothing is configured")
    func nothing() async throws {
        let control = AccessControl(requiredScopes: [:], checks: [:], policy: nil)
        for (_, method, path) in Self.routes { #expect(try await control.decide(.test(), for: match(method, path)) == nil) }
    }

    @Test("asks whether the user is member of the vcluster, or what is configured for the permission", arguments: routes)
    func questions(permission: APIRoute.Permission, method: HTTPRequest.Method, path: String) async throws {
        let usual = Oracle()
        let control = AccessControl(requiredScopes: [:], checks: [:], policy: usual)
        let decision = try #require(await control.decide(.test(), for: match(method, path)))
        #expect(decision.refusal == nil)
        #expect(usual.questions == ["vcluster:daint#member@user:ada"])

        let other = Oracle()
        let checks = [permission: Authorization.Check(relation: "user", objectType: "system")]
        for (_, method, path) in Self.routes {
            _ = try await AccessControl(requiredScopes: [:], checks: checks, policy: other).decide(.test(), for: match(method, path))
        }
        #expect(other.questions.filter { $0 == "system:daint#user@user:ada" }.count == 1)
        #expect(other.questions.filter { $0 == "vcluster:daint#member@user:ada" }.count == 5)
    }

    @Test("demands every scope of the permission and of no other, before it asks", arguments: routes)
    func scopes(permission: APIRoute.Permission, method: HTTPRequest.Method, path: String) async throws {
        let oracle = Oracle()
        let control = AccessControl(requiredScopes: [permission: ["a", "b"]], checks: [:], policy: oracle)
        for (other, method, path) in Self.routes {
            let decision = try #require(await control.decide(.test(scopes: ["a"]), for: match(method, path)))
            #expect((decision.refusal != nil) == (other == permission), "\(path)")
        }
        #expect(oracle.questions.count == Self.routes.count - 1)
        let refused = try #require(await control.decide(.test(scopes: ["a"]), for: match(method, path)))
        #expect(refused.refusal == APIError(.forbidden, "The token lacks the scope b"))
        #expect(refused.policy == "scopes")
        #expect(refused.answer.verdict == .denied)
        let allowed = try #require(await control.decide(.test(scopes: ["b", "a", "c"]), for: match(method, path)))
        #expect(allowed.refusal == nil)
    }

    @Test("each route of the API needs the permission of its group, and one to write where it does more than look")
    func permissions() {
        for route in APIRoute.all {
            let isRead = route.method == .get
            let expected: APIRoute.Permission =
                switch route.group {
                case .status: .status
                case .compute: isRead ? .computeRead : .computeWrite
                case .filesystem: isRead ? .filesystemRead : .filesystemWrite
                case .transfer: .transfer
                }
            #expect(route.permission == expected, "\(route.method) \(route.pattern)")
        }
        // HEAD is answered by the route of GET.
        guard case .match(let head) = RouteTable().find(.head, "/filesystem/daint/ops/download") else { return #expect(Bool(false)) }
        #expect(head.route.permission == .filesystemRead)
    }

    @Test("asks nothing about what concerns no system, but wants the scopes there too")
    func noSystem() async throws {
        let oracle = Oracle(.denied("never"))
        let systems = try match(.get, "/status/systems")
        #expect(await AccessControl(requiredScopes: [:], checks: [:], policy: oracle).decide(.test(), for: systems) == nil)
        let control = AccessControl(requiredScopes: [.status: ["see"]], checks: [:], policy: oracle)
        #expect(await control.decide(.test(scopes: ["see"]), for: systems)?.refusal == nil)
        #expect(await control.decide(.test(), for: systems)?.refusal?.status == .forbidden)
        #expect(oracle.questions.isEmpty)
    }

    @Test("a no is 403, no answer 401")
    func refusals() async throws {
        let nodes = try match(.get, "/status/daint/nodes")
        let denied = await AccessControl(requiredScopes: [:], checks: [:], policy: Oracle(.denied("inner reason"))).decide(.test(), for: nodes)
        #expect(denied?.refusal == APIError(.forbidden, "ada may not use the system daint"))
        let undecided = await AccessControl(requiredScopes: [:], checks: [:], policy: Oracle(.undecided("nobody there"))).decide(.test(), for: nodes)
        #expect(undecided?.refusal == APIError(.unauthorized, "The authorization service cannot be asked", causes: ["nobody there"]))
    }

    @Test("whoever cannot be asked about is denied, and nobody is asked")
    func unusableSubject() async throws {
        let oracle = Oracle()
        var principal = Principal.test()
        principal.subject = .failure(UnusableClaim(reason: "too many groups"))
        let decision = try await AccessControl(requiredScopes: [:], checks: [:], policy: oracle).decide(principal, for: match(.get, "/status/daint/nodes"))
        #expect(decision?.refusal == APIError(.forbidden, "ada may not use the system daint", causes: ["too many groups"]))
        #expect(oracle.questions.isEmpty)
    }

    @Test("a system that cannot be asked about is denied, whatever else the path holds", arguments: [
        "*", "a:b", "a b", String(repeating: "x", count: 300), "a\tb",
    ])
    func hostileSystem(name: String) async throws {
        let oracle = Oracle()
        let route = try match(.get, "/status/\(name)/nodes")
        let decision = await AccessControl(requiredScopes: [:], checks: [:], policy: oracle).decide(.test(), for: route)
        #expect(decision?.refusal?.status == .forbidden)
        #expect(oracle.questions.isEmpty)
    }

    @Test("the groups of the token go with the question")
    func groups() async throws {
        let subject = AccessSubject(user: AccessQuestion.test().key.user, memberships: AccessQuestion.test(groups: ["g"]).contextualTuples)
        let decision = try await AccessControl(requiredScopes: [:], checks: [:], policy: Oracle())
            .decide(.test(subject: subject), for: match(.get, "/status/daint/nodes"))
        #expect(decision?.question == .test(groups: ["g"]))
    }
}
