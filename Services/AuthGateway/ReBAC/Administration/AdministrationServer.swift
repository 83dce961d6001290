import GoldcrestConfiguration
import GoldcrestServiceKit
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the administration API on a port of its own, beside the gateway's, for as long as the gateway runs.
struct AdministrationServer: Service {
    private let address: ListenAddress
    private let assembly: ServiceAssembly<RouterResponder<APIRequestContext>>
    private let logger: Logger

    init(_ administration: Administration, address: ListenAddress, token: Secret, logger: Logger) {
        self.address = address
        self.logger = logger
        assembly = ServiceAssembly(
            responder: administration.router(token: token).buildResponder(), disconnects: ClientDisconnects(), logger: logger)
    }

    /// What the configuration asks for: `nil` where it asks for no administration API.
    ///
    /// - Throws: ``ConfigurationError`` if the API would be open to everybody.
    init?(
        _ administration: Administration, settings: Authorization.ReBAC, environment: DeploymentEnvironment, logger: Logger
    ) throws(ConfigurationError) {
        guard let address = environment.adminListen else { return nil }
        guard let token = settings.adminToken else {
            throw ConfigurationError(problems: [
                .init(
                    path: "auth.authorization.rebac.admin_token", found: "nothing, though GOLDCREST_ADMIN_LISTEN is set",
                    expected: "the token that the administration API demands, as secret_file:/path; or no GOLDCREST_ADMIN_LISTEN")
            ])
        }
        self.init(administration, address: address, token: token, logger: logger)
    }

    /// What a deployment asks for. Only a gateway with an evaluator of its own has anything to administer.
    init?(_ relationships: Relationships?, _ deployment: Deployment) throws(ConfigurationError) {
        guard let relationships, case .rebac(let settings)? = deployment.settings.auth.authorization?.source else {
            if deployment.environment.adminListen != nil {
                deployment.logger.notice("GOLDCREST_ADMIN_LISTEN is ignored: there is nothing to administer without auth.authorization.rebac")
            }
            return nil
        }
        try self.init(
            Administration(store: relationships.store, replica: relationships.replica), settings: settings, environment: deployment.environment,
            logger: deployment.logger)
    }

    /// - Throws: ``ConfigurationError`` if the address cannot be listened on.
    func run() async throws {
        do {
            try await assembly.run(host: address.host, port: address.port) { port in
                logger.notice("accepting administration requests", metadata: ["host": "\(address.host)", "port": "\(port)"])
            }
        } catch let error as IOError {
            throw ConfigurationError(problems: [
                .init(
                    path: "GOLDCREST_ADMIN_LISTEN", found: "\(address), which cannot be listened on (\(error))",
                    expected: "an address of this machine with a free port")
            ])
        }
    }

    /// Serves on a free loopback port for as long as `body` runs; for tests.
    func withRunningServer<Result: Sendable>(_ body: @escaping @Sendable (_ port: Int) async throws -> Result) async throws -> Result {
        try await assembly.withRunningServer(body)
    }
}
