@testable import AuthGateway
import GoldcrestConfiguration
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import PostgresTesting
import Testing

@Suite("The administration API's protection")
struct ProtectionTests {
    @Test("demands the token of every request but for its health")
    func token() async throws {
        try await TestAdministration.run { administration in
            for authorization in [nil, "", "Bearer", "Bearer ", "Basic \(TestAdministration.token)", TestAdministration.token] {
                let answer = try await administration.send(.get, "/stores", authorization: authorization)
                #expect(answer.status == .unauthorized && answer.code == "bearer_token_missing", "\(authorization ?? "none"): \(answer.text)")
                #expect(answer.headerFields[.wwwAuthenticate] == "Bearer")
            }
            for token in ["x", TestAdministration.token + "x", String(TestAdministration.token.dropLast()), String(repeating: "a", count: 10_000)] {
                let answer = try await administration.send(.get, "/stores", authorization: "Bearer \(token)")
                #expect(answer.status == .unauthorized && answer.code == "unauthenticated")
                #expect(!answer.text.contains(token))
            }
            #expect(try await administration.send(.get, "/stores", authorization: "bearer \(TestAdministration.token)").status == .ok)
            let health = try await administration.send(.get, "/healthz", authorization: nil)
            #expect(health.status == .ok && health.json == ["status": "SERVING"])
            for path in ["/stores/01HVMMBCMGZNT3SED4Z17ECXCA", "/nowhere", "/health/ready", "/metrics"] {
                #expect(try await administration.send(.get, path, authorization: nil).status == .unauthorized, "\(path)")
            }
        }
    }

    @Test("has no other paths")
    func paths() async throws {
        try await TestAdministration.run { administration in
            for (method, path) in [
                (HTTPRequest.Method.get, "/"), (.get, "/nowhere"), (.patch, "/stores"), (.get, "/stores/01HVMMBCMGZNT3SED4Z17ECXCA/check"),
                (.post, "/stores/01HVMMBCMGZNT3SED4Z17ECXCA/nothing"), (.get, "/metrics"),
            ] {
                let answer = try await administration.send(method, path)
                #expect(answer.status == .notFound && answer.code == "undefined_endpoint", "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test("is there before the port is")
    func configuration() throws {
        let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none", maximumConnections: 1, logger: TestDatabase.quiet)
        let store = RelationshipStore(pool: pool)
        let replica = RelationshipReplica(store: store, seed: nil, maxStaleness: .seconds(1), logger: TestDatabase.quiet)
        let administration = Administration(store: store, replica: replica)
        var environment = DeploymentEnvironment(
            service: .authGateway, configurationFile: "", listen: ListenAddress(host: "127.0.0.1", port: 0), keysDirectory: "")
        let open = Authorization.ReBAC(modelPath: "/model.fga"), protected = Authorization.ReBAC(modelPath: "/model.fga", adminToken: Secret("t"))
        func server(_ settings: Authorization.ReBAC) throws -> AdministrationServer? {
            try AdministrationServer(administration, settings: settings, environment: environment, logger: TestDatabase.quiet)
        }
        #expect(try server(open) == nil && server(protected) == nil)
        environment.adminListen = ListenAddress(host: "127.0.0.1", port: 0)
        #expect(try server(protected) != nil)
        let error = #expect(throws: ConfigurationError.self) { try server(open) }
        #expect(error?.problems.first?.path == "auth.authorization.rebac.admin_token")
    }

    @Test("says which address cannot be listened on")
    func takenPort() async throws {
        try await TestAdministration.run { running in
            let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/none", maximumConnections: 1, logger: TestDatabase.quiet)
            let store = RelationshipStore(pool: pool)
            let second = AdministrationServer(
                Administration(store: store, replica: running.replica), address: ListenAddress(host: "127.0.0.1", port: running.port),
                token: Secret("t"), logger: TestDatabase.quiet)
            let error = await #expect(throws: ConfigurationError.self) { try await second.run() }
            #expect(error?.problems.first?.path == "GOLDCREST_ADMIN_LISTEN")
            #expect(error?.description.contains("127.0.0.1:\(running.port)") == true)
            await pool.close()
        }
    }
}
