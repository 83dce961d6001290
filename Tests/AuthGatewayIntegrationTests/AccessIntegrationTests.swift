import FoundationEssentials
import GoldcrestCryptography
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("Who may do what")
struct AccessIntegrationTests {
    @Test("a user sees nothing of another user's files")
    func foreignFiles() async throws {
        let api = try await API()
        let other = try await API(as: "FIRESRV")
        try await api.withDirectory { directory in
            #expect(try await api.upload(Array("secret".utf8), named: "x", to: directory).status == .noContent)
            // Where both are one user, the permissions say what the owner does elsewhere.
            let isSameUser = api.user == other.user
            try LocalFile.setMode(directory, isSameUser ? 0o000 : 0o700)
            defer { try? LocalFile.setMode(directory, 0o700) }
            for operation in ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"] {
                let answer = try await other.call(.get, "\(other.operations)/\(operation)", query: ["path": "\(directory)/x"])
                #expect(answer.status == .forbidden, "\(operation): \(answer)")
                #expect(answer.error?.errorType == .error)
                #expect(!answer.text.contains("secret"))
            }
            #expect(try await other.upload([1], named: "y", to: directory).status == .forbidden)
            #expect(try await other.call(.delete, "\(other.operations)/rm", query: ["path": "\(directory)/x"]).status == .forbidden)
            #expect(try await other.call(.post, "\(other.operations)/mkdir", json: ["path": .string("\(directory)/d")]).status == .forbidden)
            for transfer in ["mv", "cp"] {
                let answer = try await other.call(
                    .post, "\(other.transfers)/\(transfer)", json: ["sourcePath": .string("\(directory)/x"), "targetPath": .string("\(other.home)/x")])
                #expect(answer.status == .forbidden, "\(transfer): \(answer)")
            }
            #expect(try await other.call(.delete, "\(other.transfers)/rm", query: ["path": "\(directory)/x"]).status == .forbidden)
            try LocalFile.setMode(directory, 0o700)
            #expect(try await api.head("\(directory)/x") == "secret")
        }
    }

    @Test("a user cannot cancel another user's job, if there is another user")
    func foreignJobs() async throws {
        let api = try await API()
        let other = try await API(as: "FIRESRV")
        let id = try await api.expect(
            .created, .post, api.jobs,
            json: ["job": ["workingDirectory": .string(api.home), "standardOutput": "/dev/null", "script": "#!/bin/sh\nsleep 60\n"]]
        ).decoded(JobSubmissionAnswer.self).jobId
        if api.user != other.user {
            let refused = try await other.call(.delete, "\(other.jobs)/\(id)")
            #expect(refused.status == .forbidden, "\(refused)")
            let job = try await eventually("the job shows") { try await api.job(id) }
            #expect(["PENDING", "RUNNING"].contains(job.status.state))
        }
        try await api.expect(.noContent, .delete, "\(api.jobs)/\(id)")
        #expect(try await api.waitForEnd(of: id).status.state == "CANCELLED")
    }

    // MARK: - The order of checks

    private func check(
        _ status: HTTPResponse.Status, _ answer: Answer, _ kind: ErrorBody.Kind = .error, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(answer.status == status, "\(answer)", sourceLocation: sourceLocation)
        #expect(answer.error?.errorType == kind, "\(answer)", sourceLocation: sourceLocation)
        #expect(answer.error?.message.isEmpty == false, sourceLocation: sourceLocation)
        for name in ["F7T-Timestamp", "F7T-AppVersion", "X-Request-ID", "X-Correlation-ID"].compactMap({ HTTPField.Name($0) }) {
            #expect(answer.head.headerFields[name]?.isEmpty == false, "\(name)", sourceLocation: sourceLocation)
        }
    }

    @Test("unknown paths and methods come before the token, the token before the system, the system before the body, the body before its paths")
    func order() async throws {
        let api = try await API()
        let malformed = HTTPClientRequest.Body.bytes(ByteBuffer(string: "{\"path\": "))
        let json: HTTPFields = [.contentType: "application/json"]
        let nobody: HTTPFields = [.authorization: "Bearer x.y.z", .contentType: "application/json"]

        check(.notFound, try await api.send(api.request(.get, "/no/such/path", headers: nobody)))
        let notAllowed = try await api.send(api.request(.put, api.jobs, headers: nobody, body: malformed))
        check(.methodNotAllowed, notAllowed)
        #expect(notAllowed.head.headerFields[.allow] == "GET, POST, HEAD")
        let unauthorized = try await api.send(api.request(.post, "/filesystem/nowhere/ops/mkdir", headers: nobody, body: malformed))
        check(.unauthorized, unauthorized)
        #expect(unauthorized.head.headerFields[.wwwAuthenticate] == "Bearer")
        let unknown = try await api.send(api.request(.post, "/filesystem/nowhere/ops/mkdir", headers: json, body: malformed))
        check(.notFound, unknown)
        #expect(unknown.error?.message == "System not found")
        #expect(unknown.error?.user == api.user)
        let syntax = try await api.send(api.request(.post, "\(api.operations)/mkdir?path=/etc", headers: json, body: malformed))
        check(.badRequest, syntax, .validation)
        #expect(syntax.error?.data?.fields.first?.name == "9")
        check(.badRequest, try await api.call(.post, "\(api.operations)/mkdir", json: ["path": "/etc/x", "parent": "no truth"]))
        check(.badRequest, try await api.call(.get, "\(api.operations)/ls", query: ["path": "/etc", "recursive": "maybe"]))
        check(
            .badRequest, try await api.call(.get, "\(api.operations)/ls", query: ["path": "\(api.home)/none", "recursive": "maybe"]), .validation)
        check(.notFound, try await api.call(.get, "\(api.operations)/ls", query: ["path": "\(api.home)/none"]))
    }

    @Test("a request without a token that can be believed is refused", arguments: [
        nil, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer a b c", "Bearer ....", "Bearer \(String(repeating: "x", count: 10_000))",
        "Bearer eyJhbGciOiJub25lIn0.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJmaXJldXNlciIsImV4cCI6OTk5OTk5OTk5OX0.",
    ])
    func badToken(authorization: String?) async throws {
        let api = try await API()
        var request = api.request(.get, "/status/systems")
        request.headerFields[.authorization] = authorization
        let answer = try await api.send(request)
        check(.unauthorized, answer)
        #expect(answer.error?.user == nil)
    }

    @Test("a token that was changed anywhere is refused")
    func changedToken() async throws {
        let api = try await API()
        let parts = api.authorization.split(separator: ".").map(String.init)
        for index in parts.indices {
            var changed = parts
            changed[index] = String(changed[index].dropLast(8)) + "AAAABBBB"
            var request = api.request(.get, "/status/systems")
            request.headerFields[.authorization] = changed.joined(separator: ".")
            check(.unauthorized, try await api.send(request))
        }
    }

    @Test("paths and systems are found in any case and with a slash behind")
    func spelling() async throws {
        let api = try await API()
        let path = "/FileSystem/\(api.system.uppercased())/OPS/Ls"
        try await api.expect(.ok, .get, path, query: ["path": api.home])
        try await api.expect(.ok, .get, "\(path)/", query: ["path": api.home])
        try await api.expect(.ok, .get, "/status/liveness/")
    }

    @Test("ids that the client sends come back, others are refused")
    func identifiers() async throws {
        let api = try await API()
        let name = try #require(HTTPField.Name("X-Request-ID"))
        let id = "2f6f0cc3-2b1c-4b5e-9d3e-0a5f6b7c8d9e"
        #expect(try await api.call(.get, "/status/systems", headers: [name: id]).head.headerFields[name] == id)
        check(.badRequest, try await api.call(.get, "/status/systems", headers: [name: "x"]))
    }

    // MARK: - The services themselves

    private enum Context: CaseIterable {
        case missing, malformed, expired, forged, ofHealthChecker, forOtherSystem
    }

    private func headerValue(_ context: Context, _ stack: Stack, user: String, system: String) throws -> String? {
        let keys = CallContextKeys(folder: try stack["GOLDCREST_KEYS"])
        let key = try keys.signingKey(of: .authGateway)
        switch context {
        case .missing: return nil
        case .malformed: return "a.b.c"
        case .expired:
            return try CallContextSigner(issuer: .authGateway, key: key, now: { Date(timeIntervalSinceNow: -120) }).headerValue(user: user, system: system)
        case .forged:
            return try CallContextSigner(issuer: .authGateway, key: try .generateEd25519()).headerValue(user: user, system: system)
        case .ofHealthChecker:
            return try CallContextSigner(issuer: .healthChecker, key: try keys.signingKey(of: .healthChecker)).headerValue(user: user, system: system)
        case .forOtherSystem:
            return try CallContextSigner(issuer: .authGateway, key: key).headerValue(user: user, system: "other")
        }
    }

    private static let forwarded = APIRoute.all.filter { $0.destination != .gateway }

    @Test("no route of a service does anything without the right call context", arguments: AccessIntegrationTests.forwarded)
    func directCall(route: APIRoute) async throws {
        let api = try await API()
        let services: [APIRoute.Destination: String] = [
            .compute: try api.stack["COMPUTE_URL"], .filesystem: try api.stack["FILESYSTEM_URL"], .transfer: try api.stack["TRANSFER_URL"],
        ]
        let base = try #require(services[route.destination])
        let name = try #require(HTTPField.Name(CallContext.headerName))
        let path = route.pattern.replacing("{system_name}", with: api.system).replacing("{job_id}", with: "1")
        for context in Context.allCases {
            var request = api.request(route.method, "\(path)?path=\(api.home)/no-such-file")
            request.url = request.url.replacing(api.baseURL, with: base)
            request.headerFields[name] = try headerValue(context, api.stack, user: api.user, system: api.system)
            request.headerFields[.contentType] = "application/json"
            if route.method == .post { request.body = .bytes(ByteBuffer(string: "{}")) }
            let answer = try await api.send(request)
            #expect(answer.status == .unauthorized, "\(context): \(answer)")
            #expect(answer.error?.errorType == .error)
        }
    }

    @Test("the gateway lets no call context of a client through")
    func contextOfClient() async throws {
        let api = try await API()
        let name = try #require(HTTPField.Name(CallContext.headerName))
        let answer = try await api.call(
            .get, "\(api.operations)/ls", query: ["path": api.home],
            headers: [name: try #require(try headerValue(.forOtherSystem, api.stack, user: "root", system: api.system))])
        #expect(answer.status == .ok, "\(answer)")
    }
}
