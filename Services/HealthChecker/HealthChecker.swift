public import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
public import GoldcrestServiceKit
import GoldcrestServicesHealth
public import Hummingbird

/// Looks regularly whether what users need of each system works, through the services that users' requests go through.
public enum HealthChecker: GoldcrestService {
    public static let name = ServiceName.healthChecker
    public static let abstract = "Probes every system through the services and writes what it finds to services_health."

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        let environment = deployment.environment
        let logger = deployment.logger
        let client = HTTPClient(logger: logger)
        let database = try PostgresPool(url: environment.requiredDatabaseURL(), maximumConnections: 2, logger: logger)
        let prober = Prober(
            services: InternalClient(
                client: client, signer: try CallContextSigner(issuer: .healthChecker, keys: CallContextKeys(folder: environment.keysDirectory)),
                addresses: environment.serviceAddresses),
            accounts: ServiceAccounts(settings: deployment.settings, client: client), client: client)
        let store = PostgresServicesHealthStore(pool: database)
        let loop = HealthCheckLoop(
            clusters: deployment.settings.clusters, prober: prober, store: store, logger: logger)
        let migration = SchemaMigration(of: "services_health", logger: logger) { try await store.migrate() }
        let disconnects = ClientDisconnects()
        let router = Router.operational(
            readiness: [
                ReadinessCheck("database") { database.isReachable ? nil : "PostgreSQL does not answer" },
                ReadinessCheck("tables") { migration.isDone ? nil : "the tables are not up to date yet" },
            ])
        return ServiceAssembly(
            responder: router.buildResponder(), disconnects: disconnects, services: [database, migration, loop], logger: logger,
            shutdown: { await client.shutdown() })
    }
}
