public import ArgumentParser
public import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
public import GoldcrestServiceKit
import GoldcrestServicesHealth
public import Hummingbird
import Metrics
import ServiceLifecycle

/// The door to all systems: checks who asks and what they may do, and hands each request to the service that answers it.
public enum AuthGateway: GoldcrestService {
    public static let name = ServiceName.authGateway
    public static let abstract = "Authenticates and authorizes requests of the FirecREST API and forwards them to the services."
    public static var additionalCommands: [any ParsableCommand.Type] { [KeygenCommand.self] }

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        try assemble(deployment, forwardingTimeout: Forwarder.timeout(for: deployment.settings.clusters))
    }

    /// - Parameter forwardingTimeout: The longest wait for the head of a service's answer.
    static func assemble(_ deployment: Deployment, forwardingTimeout: Duration) throws -> ServiceAssembly<Gateway> {
        let settings = deployment.settings
        let environment = deployment.environment
        let logger = deployment.logger
        let signer = try CallContextSigner(issuer: .authGateway, keys: CallContextKeys(folder: environment.keysDirectory))
        let client = HTTPClient(logger: logger)
        let database = try PostgresPool(url: environment.requiredDatabaseURL(), maximumConnections: 4, logger: logger)
        let relationships = try Relationships(settings.auth.authorization, database: database, logger: logger)
        let health = HealthBoard(
            store: PostgresServicesHealthStore(pool: database), systems: settings.clusters.map(\.name), logger: logger)
        let keys = KeyStore(
            sources: settings.auth.authentication.publicCertificates, defaultAlgorithm: settings.auth.authentication.jwkAlgorithm,
            client: client, logger: logger)
        let disconnects = ClientDisconnects()

        let gateway = Gateway(
            rootPath: RootPath(settings.apisRootPath),
            routes: RouteTable(),
            tokens: TokenVerifier(keys: keys, policy: TokenPolicy(settings.auth)),
            access: AccessControl(settings.auth.authorization, replica: relationships?.replica, logger: logger),
            health: health,
            systems: SystemsPage(clusters: settings.clusters, health: health),
            documentation: try Documentation(settings),
            forwarder: Forwarder(
                client: client, signer: signer, disconnects: disconnects,
                destinations: environment.serviceAddresses,
                timeout: forwardingTimeout),
            loggedHeaders: LoggedHeaders(settings.logger),
            operations: Router.operational(
                readiness: [
                    ReadinessCheck("database") { database.isReachable ? nil : "PostgreSQL does not answer" },
                    ReadinessCheck("keys") { keys.hasKeys ? nil : "no key to verify tokens with could be read yet" },
                ] + [relationships?.readiness].compactMap { $0 }
            ).buildResponder())
        var services: [any Service] = [database, health, keys]
        if let relationships { services.append(relationships.replica) }
        if let administration = try AdministrationServer(relationships, deployment) { services.append(administration) }
        return ServiceAssembly(
            responder: gateway, disconnects: disconnects, services: services, logger: logger,
            shutdown: { await client.shutdown() })
    }
}
