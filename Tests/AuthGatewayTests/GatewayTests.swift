@testable import AuthGateway
import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite("The gateway")
struct GatewayTests {
    /// Answers everything with what it was sent.
    private static func echo() -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self)
        router.get("**") { request, _ in
            let headers = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            return Response(
                status: .ok, headers: [.contentType: "text/plain"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "\(request.uri.string)\n\(headers)")))
        }
        router.post("**") { request, _ in
            Response(status: .created, body: ResponseBody(asyncSequence: request.body))
        }
        return router
    }

    @Test("checks the route before the token, the token before the system")
    func orderOfChecks() async throws {
        try await TestGateway.run { gateway in
            #expect(try await gateway.send(.get, "/nowhere", authorization: .some(nil)).head.status == .notFound)
            let wrongMethod = try await gateway.send(.put, "/status/systems", authorization: .some(nil))
            #expect(wrongMethod.head.status == .methodNotAllowed)
            #expect(wrongMethod.head.headerFields[.allow] == "GET, HEAD")
            #expect(try await gateway.send(.get, "/compute/nowhere/jobs", authorization: .some(nil)).head.status == .unauthorized)
            let unknown = try await gateway.send(.get, "/compute/nowhere/jobs")
            #expect(unknown.head.status == .notFound)
            #expect(try unknown.json()["message"] == "System not found")
            #expect(try unknown.json()["user"] == "fireuser")
        }
    }

    @Test("puts the API's headers on every answer, errors too")
    func headers() async throws {
        try await TestGateway.run { gateway in
            for path in ["/status/systems", "/status/liveness", "/nowhere"] {
                let fields = try await gateway.send(.get, path).head.headerFields
                #expect(fields[.appVersion]?.hasPrefix("2.") == true)
                #expect(fields[.timestamp].flatMap { Double($0) } ?? 0 > 1_700_000_000)
                #expect(fields[.requestID]?.count == 32)
                #expect(fields[.correlationID]?.count == 32)
            }
            let id = "0123456789abcdef0123456789abcdef"
            let echoed = try await gateway.send(.get, "/status/systems", headerFields: [.requestID: id])
            #expect(echoed.head.headerFields[.requestID] == id)
            #expect(echoed.head.headerFields[.authenticatedUser] == "fireuser")
            let refused = try await gateway.send(.get, "/status/systems", headerFields: [.requestID: "nonsense"])
            #expect(refused.head.status == .badRequest)
            #expect(try refused.json()["errorType"] == "error")
        }
    }

    @Test("answers liveness without a token, with and without a slash at the end")
    func liveness() async throws {
        try await TestGateway.run { gateway in
            for path in ["/status/liveness", "/status/liveness/", "/STATUS/Liveness"] {
                let response = try await gateway.send(.get, path, authorization: .some(nil))
                #expect(response.head.status == .ok)
                #expect(try response.json()["healthcheckRuns"] == [:])
            }
        }
    }

    @Test("refuses requests without a token that it can verify, and says how to do better")
    func unauthorized() async throws {
        try await TestGateway.run { gateway in
            let good = try gateway.issuer.token()
            let tampered = good.replacing(".", with: ".e", maxReplacements: 1)
            let expired = try gateway.issuer.token(lifetime: -10)
            let expiring = try gateway.issuer.token(lifetime: 20)
            let eternal = try gateway.issuer.token(changing: ["exp": .null])
            let numeric = try gateway.issuer.token(changing: ["preferred_username": .integer(7)])
            let unsigned = "eyJhbGciOiJub25lIn0.\(good.split(separator: ".")[1])."
            for value in [
                nil, "", "Bearer", "Bearer ", "Basic \(good)", "Bearer \(tampered)", "Bearer \(expired)", "Bearer \(expiring)",
                "Bearer \(eternal)", "Bearer \(numeric)", "Bearer \(unsigned)", "Bearer \(String(repeating: "a", count: 10_000))", good,
            ] {
                let response = try await gateway.send(.get, "/status/systems", authorization: .some(value))
                #expect(response.head.status == .unauthorized, "\(value?.prefix(40) ?? "none")")
                #expect(response.head.headerFields[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
                #expect(!String(buffer: response.body).contains(good))
            }
            #expect(try await gateway.send(.get, "/status/systems", authorization: "bEARER \(good)").head.status == .ok)
        }
    }

    @Test("tells a client whose valid token names no user that the claim is missing")
    func missingClaim() async throws {
        try await TestGateway.run { gateway in
            let token = try gateway.issuer.token(changing: ["preferred_username": .null])
            let response = try await gateway.send(.get, "/status/systems", authorization: "Bearer \(token)")
            #expect(response.head.status == .badRequest)
            #expect(String(buffer: response.body).contains("preferred_username"))
        }
    }

    @Test("shows every system's configuration and conceals its secrets")
    func systems() async throws {
        try await TestGateway.run { settings in
            settings.clusters[0].serviceAccount = .init(clientID: "service-id", secret: Secret("service-secret"))
            settings.clusters[0].dataOperation.dataTransfer = .s3(
                .init(
                    name: "s3", privateURL: Secret("http://private.example"), publicURL: "http://public.example", accessKeyID: Secret("access-id"),
                    secretAccessKey: Secret("access-secret"), region: "here", ttl: .seconds(60)))
        } _: { gateway in
            let response = try await gateway.send(.get, "/status/systems")
            let text = String(buffer: response.body)
            for secret in ["service-id", "service-secret", "private.example", "access-id", "access-secret"] {
                #expect(!text.contains(secret))
            }
            guard case .array(let systems)? = try response.json()["systems"], case .object(let system)? = systems.first else {
                Issue.record("there is no system")
                return
            }
            #expect(system["name"] == "daint")
            #expect(system["servicesHealth"] == .null)
            #expect(system["lastHealthCheck"] == .null)
            #expect(system["dataOperation"]?.object?["data_transfer"]?.object?["secret_access_key"] == "**********")
        }
    }

    @Test("forwards path and query unchanged, with a signed call context and the user's token, and drops other headers")
    func forwarding() async throws {
        try await TestGateway.run(upstream: Self.echo()) { gateway in
            let path = "/filesystem/Daint/ops/ls?path=/a%20b%2Fc&x=%00"
            let response = try await gateway.send(.get, path, headerFields: [.cookie: "secret=1", .init("X-Goldcrest-Context")!: "forged"])
            #expect(response.head.status == .ok)
            let seen = String(buffer: response.body).split(separator: "\n").map { String($0) }
            #expect(seen.first == path)
            #expect(seen.contains { $0.lowercased().hasPrefix("authorization: bearer ") })
            #expect(seen.contains { $0.lowercased().hasPrefix("x-goldcrest-context: ey") })
            #expect(!seen.contains { $0.lowercased().hasPrefix("cookie") })
            #expect(!seen.contains { $0.contains("forged") })
        }
    }

    @Test("forwards what a request says of parts, versions and where a stream broke off", arguments: [
        "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Last-Event-ID",
    ])
    func conditions(header: String) async throws {
        try await TestGateway.run(upstream: Self.echo()) { gateway in
            let name = try #require(HTTPField.Name(header))
            let response = try await gateway.send(.get, "/filesystem/daint/ops/download?path=/x", headerFields: [name: "value"])
            let seen = String(buffer: response.body).lowercased().split(separator: "\n")
            #expect(seen.contains { $0.filter { $0 != " " } == "\(header.lowercased()):value" }, "\(seen)")
        }
    }

    @Test("passes the pieces of an answer on as they come, and its header")
    func stream() async throws {
        let router = Router(context: APIRequestContext.self)
        router.get("**") { _, _ in
            let headers: HTTPFields = [
                .contentType: "text/event-stream", .cacheControl: "no-cache", .eTag: "\"x\"", .acceptRanges: "bytes", .contentRange: "bytes 0-1/2",
                .lastModified: "Sun, 06 Nov 1994 08:49:37 GMT", .retryAfter: "15", .contentDisposition: "attachment",
            ]
            return Response(
                status: .partialContent, headers: headers,
                body: ResponseBody { writer in
                    // Without an end: who waits for it waits for ever.
                    while true {
                        try await writer.write(ByteBuffer(string: "a"))
                        try await Task.sleep(for: .milliseconds(100))
                    }
                })
        }
        try await TestGateway.run(upstream: router) { gateway in
            let exchange = try await gateway.exchange(.get, "/filesystem/daint/ops/tail?path=/x")
            defer { exchange.cancel() }
            #expect(exchange.head.status == .partialContent)
            #expect(exchange.head.headerFields[.contentType] == "text/event-stream")
            for name: HTTPField.Name in [.cacheControl, .eTag, .acceptRanges, .contentRange, .lastModified, .retryAfter, .contentDisposition] {
                #expect(exchange.head.headerFields[name] != nil, "\(name)")
            }
            var pieces = exchange.body.makeAsyncIterator()
            let piece = try await pieces.next()
            #expect(piece.map { String(buffer: $0) } == "a")
        }
    }

    @Test("streams bodies through, larger than any buffer")
    func streaming() async throws {
        try await TestGateway.run(upstream: Self.echo()) { gateway in
            let body = ByteBuffer(repeating: 7, count: 30 << 20)
            let response = try await gateway.send(.post, "/filesystem/daint/ops/upload?path=/x", body: .bytes(body))
            #expect(response.head.status == .created)
            #expect(response.body == body)
        }
    }

    @Test("passes a service's own failure through unchanged")
    func failurePassesThrough() async throws {
        let body = #"{"errorType":"error","message":"Job not found","causedBy":null,"data":null,"user":"fireuser"}"#
        let router = Router(context: APIRequestContext.self)
        router.get("**") { _, _ in
            Response(status: .notFound, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        }
        try await TestGateway.run(upstream: router) { gateway in
            let response = try await gateway.send(.get, "/compute/daint/jobs/7")
            #expect(response.head.status == .notFound)
            #expect(String(buffer: response.body) == body)
        }
    }

    @Test("does not wait for ever for a service that stays silent, but answers 504 and goes on")
    func silentService() async throws {
        let (silence, end) = AsyncStream<Void>.makeStream()
        defer { end.finish() }
        let router = Router(context: APIRequestContext.self)
        router.get("compute/**") { _, _ in
            for await _ in silence {}
            return Response(status: .ok)
        }
        router.get("filesystem/**") { _, _ in Response(status: .noContent) }
        try await TestGateway.run(upstream: router, forwardingTimeout: .milliseconds(500)) { gateway in
            defer { end.finish() }
            let response = try await gateway.send(.get, "/compute/daint/jobs")
            #expect(response.head.status == .gatewayTimeout)
            let body = try response.json()
            #expect(body["errorType"] == "error")
            #expect(body["message"] == "compute-service does not answer in time")
            #expect(body["user"] == "fireuser")
            #expect(try await gateway.send(.get, "/filesystem/daint/ops/ls?path=/").head.status == .noContent)
        }
    }

    @Test("waits longer for a service than any system may take")
    func forwardingTimeout() {
        func cluster(connection: Int, login: Int, command: Int, scheduler: Int) -> Cluster {
            let timeout = Cluster.SSH.Timeouts(
                connection: .seconds(connection), login: .seconds(login), commandExecution: .seconds(command))
            return Cluster(
                name: "c", ssh: Cluster.SSH(host: "h", timeout: timeout),
                scheduler: Cluster.Scheduler(type: .slurm, version: "24.11", timeout: .seconds(scheduler)))
        }
        let slow = cluster(connection: 1, login: 2, command: 3, scheduler: 30)
        #expect(Forwarder.timeout(for: [cluster(connection: 5, login: 5, command: 5, scheduler: 5), slow]) == .seconds(1 + 2 + 2 * 30 + 10))
    }

    @Test("answers operators on its own port")
    func operations() async throws {
        try await TestGateway.run { gateway in
            #expect(try await gateway.send(.get, "/health/live", authorization: .some(nil)).head.status == .ok)
            let ready = try await gateway.send(.get, "/health/ready", authorization: .some(nil))
            #expect(ready.head.status == .serviceUnavailable)
            #expect(try ready.json()["problems"]?.object?["database"] != nil)
            let metrics = try await gateway.send(.get, "/metrics", authorization: .some(nil))
            #expect(metrics.head.status == .ok)
        }
    }
}

extension JSONValue {
    var object: [String: JSONValue]? {
        if case .object(let object) = self { object } else { nil }
    }
}
