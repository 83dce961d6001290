import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import PostgresTesting
import ReBAC
import StackTesting
import Synchronization
import Testing

@testable import AuthGateway

@Suite("Who may use which system")
struct AuthorizationIntegrationTests {
    // MARK: - The gateway's own evaluator

    private static let model = """
        model
          schema 1.1
        type user
        type group
          relations
            define member: [user]
        type vcluster
          relations
            define member: [user, group#member]
            define operator: [user] and member
        """

    /// Lends a gateway with an evaluator, and the store that it follows.
    ///
    /// - Parameter administration: The port of its administration API.
    private func withEvaluator(
        _ settings: String = "", administration: Int? = nil, _ body: (API, RelationshipStore, _ storeID: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "goldcrest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let model = folder.appending(path: "model.fga")
        try Self.model.write(to: model, atomically: false, encoding: .utf8)
        try await TestDatabase.withFreshSchema { database in
            let configuration = Self.configuration("rebac: {model: '\(model.path)', max_staleness: 60, admin_token: hush}\(settings)")
            var environment = ["DATABASE_URL": database]
            environment["GOLDCREST_ADMIN_LISTEN"] = administration.map { "127.0.0.1:\($0)" }
            try await ServiceProcess.with(.authGateway, configuration: configuration, environment: environment) { gateway in
                let api = try await API(baseURL: gateway.url)
                try await eventually("the gateway is ready") { try await api.call(.get, "/health/ready").status == .ok }
                let pool = PostgresPool(url: database, maximumConnections: 1, logger: TestDatabase.quiet)
                let store = RelationshipStore(pool: pool)
                let result: Swift.Result<Void, any Error>
                do {
                    let own = try await store.stores(name: RelationshipSeed.storeName, page: PageRequest(size: 2, from: nil)).elements
                    #expect(own.count == 1)
                    result = .success(try await body(api, store, try #require(own.first).id))
                } catch {
                    result = .failure(error)
                }
                await pool.close()
                try result.get()
            }
        }
    }

    private static func configuration(_ section: String) -> (String) -> String {
        { $0.replacing("auth:\n  authentication:", with: "auth:\n  authorization: {\(section)}\n  authentication:") }
    }

    private func tuple(_ api: API, _ relation: String = "member", user: String? = nil) throws -> RelationshipTuple {
        RelationshipTuple(key: try TupleKey(object: "vcluster:\(api.system)", relation: relation, user: user ?? "user:\(api.user)"))
    }

    @Test("a tuple that is written lets a user in, one that is deleted shuts the user out, each within a second")
    func tuples() async throws {
        try await withEvaluator { api, store, storeID in
            let nodes = "/status/\(api.system)/nodes"
            #expect(try await api.call(.get, nodes).status == .forbidden)
            let refused = try await api.call(.get, nodes)
            #expect(refused.error?.message == "\(api.user) may not use the system \(api.system)")
            #expect(try await api.call(.get, "/status/systems").status == .ok)
            for _ in 0..<3 {
                try await store.write(TupleWrite(writes: [tuple(api)]), to: storeID)
                try await eventually(within: .seconds(1), "the user is let in") { try await api.call(.get, nodes).status == .ok }
                #expect(try await api.call(.get, "\(api.operations)/ls", query: ["path": api.home]).status == .ok)
                #expect(try await api.call(.get, "/status/\(api.system)-rest/nodes").status == .forbidden)
                #expect(try await api.call(.get, "/status/no-such-system/nodes").status == .forbidden)
                try await store.write(TupleWrite(deletes: [tuple(api).key]), to: storeID)
                try await eventually(within: .seconds(1), "the user is shut out") { try await api.call(.get, nodes).status == .forbidden }
            }
        }
    }

    @Test("looking and changing can be different relations, and groups give what they have")
    func permissions() async throws {
        try await withEvaluator(", checks: {compute:write: {relation: operator}}") { api, store, storeID in
            let member = RelationshipTuple(key: try TupleKey(object: "group:staff", relation: "member", user: "user:\(api.user)"))
            try await store.write(TupleWrite(writes: [member, tuple(api, user: "group:staff#member")]), to: storeID)
            try await eventually(within: .seconds(5), "the user is let in") { try await api.call(.get, api.jobs).status == .ok }
            #expect(try await api.call(.delete, "\(api.jobs)/0").status == .forbidden)
            try await store.write(TupleWrite(writes: [tuple(api, "operator")]), to: storeID)
            try await eventually(within: .seconds(5), "the user may change jobs") {
                try await api.call(.delete, "\(api.jobs)/0").status != .forbidden
            }
        }
    }

    @Test("a model that has not what the settings ask for decides nothing")
    func otherModel() async throws {
        try await withEvaluator(", checks: {status: {relation: viewer}}") { api, _, _ in
            let answer = try await api.call(.get, "/status/\(api.system)/nodes")
            #expect(answer.status == .unauthorized)
            #expect(answer.error?.causedBy?.first?.contains("vcluster#viewer") == true)
            #expect(try await api.call(.get, api.jobs).status == .forbidden)
        }
    }

    @Test("a gateway can ask another one's administration API as its OpenFGA server")
    func otherGateway() async throws {
        let port = try FreePort.find()
        try await withEvaluator(administration: port) { api, store, storeID in
            let section = "openfga: {url: 'http://127.0.0.1:\(port)', store_id: \(storeID), token: hush}"
            try await ServiceProcess.with(.authGateway, configuration: Self.configuration(section)) { gateway in
                let asking = try await API(baseURL: gateway.url)
                let nodes = "/status/\(api.system)/nodes"
                try await eventually("the gateway is ready") { try await asking.call(.get, "/health/ready").status == .ok }
                #expect(try await asking.call(.get, nodes).status == .forbidden)
                try await store.write(TupleWrite(writes: [tuple(api)]), to: storeID)
                try await eventually(within: .seconds(5), "the user is let in") { try await asking.call(.get, nodes).status == .ok }
            }
            let wrongToken = "openfga: {url: 'http://127.0.0.1:\(port)', store_id: \(storeID), token: other}"
            try await ServiceProcess.with(.authGateway, configuration: Self.configuration(wrongToken)) { gateway in
                let asking = try await API(baseURL: gateway.url)
                try await eventually("the gateway is ready") { try await asking.call(.get, "/health/ready").status == .ok }
                let answer = try await asking.call(.get, "/status/\(api.system)/nodes")
                #expect(answer.status == .unauthorized, "\(answer)")
                #expect(!answer.text.contains("other"))
            }
        }
    }

    // MARK: - Asking others

    /// How a server answers that is asked.
    private enum Behaviour: Sendable {
        case answer(HTTPResponse.Status, String)
        case redirect, silence
    }

    private final class Authority: Sendable {
        private let behaviour = Mutex(Behaviour.silence)

        var next: Behaviour { behaviour.withLock { $0 } }
        func behave(_ behaviour: Behaviour) { self.behaviour.withLock { $0 = behaviour } }
    }

    /// Lends a server that answers as it is told, and its address.
    private func withAuthority(_ body: @escaping @Sendable (Authority, _ url: String) async throws -> Void) async throws {
        let authority = Authority(), disconnects = ClientDisconnects()
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: DisconnectMiddleware(disconnects: disconnects))
        router.post("**") { request, _ in
            // Whoever follows the redirect is told yes.
            if request.uri.path == "/elsewhere" { return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"allowed":true}"#))) }
            switch authority.next {
            case .answer(let status, let text): return Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
            case .redirect: return Response(status: .temporaryRedirect, headers: [.location: "/elsewhere"])
            case .silence:
                try? await Task.sleep(for: .seconds(20))
                return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"allowed":true}"#)))
            }
        }
        let server = ServiceAssembly(responder: router.buildResponder(), disconnects: disconnects, logger: TestDatabase.quiet)
        try await server.withRunningServer { port in try await body(authority, "http://127.0.0.1:\(port)") }
    }

    private static let yes = #"{"allowed":true,"resolution":""}"#
    private static let no = #"{"allowed":false,"resolution":""}"#
    private static let huge = "{\"allowed\":true,\"x\":\"\(String(repeating: "x", count: 1 << 20))\"}"

    private func check(
        _ section: @escaping @Sendable (_ url: String) -> String, _ cases: [(Behaviour, HTTPResponse.Status)]
    ) async throws {
        try await withAuthority { authority, url in
            try await ServiceProcess.with(.authGateway, configuration: Self.configuration("\(section(url)), timeout: 0.5")) { gateway in
                let api = try await API(baseURL: gateway.url)
                try await eventually("the gateway is ready") { try await api.call(.get, "/health/ready").status == .ok }
                for (behaviour, status) in cases {
                    authority.behave(behaviour)
                    let answer = try await api.call(.get, "/status/\(api.system)/nodes")
                    #expect(answer.status == status, "\("\(behaviour)".prefix(100)): \(answer)")
                    if status != .ok { #expect(answer.error?.user == api.user) }
                }
            }
        }
        let away = try FreePort.find()
        try await ServiceProcess.with(.authGateway, configuration: Self.configuration(section("http://127.0.0.1:\(away)"))) { gateway in
            let api = try await API(baseURL: gateway.url)
            try await eventually("the gateway is ready") { try await api.call(.get, "/health/ready").status == .ok }
            #expect(try await api.call(.get, "/status/\(api.system)/nodes").status == .unauthorized)
            #expect(try await api.call(.get, "/status/systems").status == .ok)
        }
    }

    @Test("an endpoint is asked, and whatever is no clear yes shuts users out")
    func endpoint() async throws {
        try await check(
            { "url: '\($0)/check'" },
            [
                (.answer(.ok, ""), .ok), (.answer(.ok, Self.yes), .ok), (.answer(.ok, Self.no), .forbidden), (.answer(.forbidden, ""), .forbidden),
                (.answer(.internalServerError, ""), .forbidden), (.redirect, .forbidden), (.silence, .unauthorized),
                (.answer(.ok, Self.huge), .unauthorized), (.answer(.ok, Self.yes), .ok),
            ])
    }

    @Test("an OpenFGA server is asked, and whatever is no clear yes shuts users out")
    func openFGA() async throws {
        try await check(
            { "openfga: {url: '\($0)', store_id: 01ARZ3NDEKTSV4RRFFQ69G5FAV, token: hush}" },
            [
                (.answer(.ok, Self.yes), .ok), (.answer(.ok, Self.no), .forbidden), (.answer(.ok, ""), .unauthorized), (.answer(.ok, "garbage"), .unauthorized),
                (.answer(.badRequest, #"{"code":"validation_error","message":"no"}"#), .unauthorized), (.answer(.internalServerError, Self.yes), .unauthorized),
                (.redirect, .unauthorized), (.silence, .unauthorized), (.answer(.ok, Self.huge), .unauthorized), (.answer(.ok, Self.yes), .ok),
            ])
    }
}
