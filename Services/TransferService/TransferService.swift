public import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
public import GoldcrestServiceKit
public import Hummingbird

/// Moves, copies and removes files by jobs, and remembers every such task from before its submission to its end.
public enum TransferService: GoldcrestService {
    public static let name = ServiceName.transferService
    public static let abstract = "Moves, copies and removes files by jobs of the systems' schedulers, and remembers each of these tasks."

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        let environment = deployment.environment
        let logger = deployment.logger
        let clusters = deployment.settings.clusters
        let keys = CallContextKeys(folder: environment.keysDirectory)
        let client = HTTPClient(logger: logger)
        let database = try PostgresPool(url: environment.requiredDatabaseURL(), logger: logger)
        let tasks = PostgresTransferTaskStore(pool: database)
        let migration = SchemaMigration(of: "transfer_tasks", logger: logger) { try await tasks.migrate() }
        let services = InternalClient(
            client: client, signer: try CallContextSigner(issuer: .transferService, keys: keys), addresses: environment.serviceAddresses)
        let reconciler = Reconciler(
            clusters: clusters, tasks: tasks, services: services, accounts: ServiceAccounts(settings: deployment.settings, client: client),
            owner: SecureRandom.bytes(8).hexadecimal, logger: logger)
        let disconnects = ClientDisconnects()
        let router = Router.service(
            verifier: CallContextVerifier(keys: try keys.verificationKeys()), disconnects: disconnects,
            readiness: [
                ReadinessCheck("database") { database.isReachable ? nil : "PostgreSQL does not answer" },
                ReadinessCheck("tables") { migration.isDone ? nil : "the tables are not up to date yet" },
            ])
        TransferController(
            clusters: Dictionary(clusters.map { ($0.name, $0) }) { first, _ in first },
            submission: TransferSubmission(tasks: tasks, services: services)
        ).addRoutes(to: router)
        return ServiceAssembly(
            responder: router.buildResponder(), disconnects: disconnects,
            services: [database, migration, reconciler], logger: logger,
            shutdown: { await client.shutdown() })
    }
}
