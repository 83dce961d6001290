public import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
public import GoldcrestServiceKit
public import Hummingbird

/// Transfers files by jobs, and remembers every such task from before its submission to its end.
public enum TransferService: GoldcrestService {
    public static let name = ServiceName.transferService
    public static let abstract = "Brings files to the systems and back, and moves, copies, archives and removes them, by jobs; it remembers each of these tasks."

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        let environment = deployment.environment
        let logger = deployment.logger
        let clusters = deployment.settings.clusters
        let client = HTTPClient(logger: logger)
        let storages = try clusters.reduce(into: [String: ObjectStore]()) { storages, cluster in
            guard case .s3(let settings) = cluster.dataOperation.dataTransfer else { return }
            storages[cluster.name] = try ObjectStore(settings, client: client, logger: logger)
        }
        let keys = CallContextKeys(folder: environment.keysDirectory)
        let database = try PostgresPool(url: environment.requiredDatabaseURL(), logger: logger)
        let tasks = TransferTaskStore(pool: database)
        let migration = SchemaMigration(of: "transfer_tasks", logger: logger) { try await tasks.migrate() }
        let services = InternalClient(
            client: client, signer: try CallContextSigner(issuer: .transferService, keys: keys), addresses: environment.serviceAddresses)
        let clearing = StagingClearance(storages: storages, tasks: tasks, logger: logger)
        let changes = TaskChanges(tasks: tasks)
        let reconciler = Reconciler(
            clusters: clusters, tasks: tasks, services: services, accounts: ServiceAccounts(settings: deployment.settings, client: client),
            clearing: clearing, owner: SecureRandom.bytes(8).hexadecimal, logger: logger)
        let disconnects = ClientDisconnects()
        let clustersByName = Dictionary(clusters.map { ($0.name, $0) }) { first, _ in first }
        let router = Router.service(
            verifier: CallContextVerifier(keys: try keys.verificationKeys()), disconnects: disconnects,
            readiness: [
                ReadinessCheck("database") { database.isReachable ? nil : "PostgreSQL does not answer" },
                ReadinessCheck("tables") { migration.isDone ? nil : "the tables are not up to date yet" },
            ])
        TransferController(
            clusters: clustersByName, storages: storages, submission: TransferSubmission(tasks: tasks, services: services)
        ).addRoutes(to: router)
        TaskController(
            clusters: clustersByName, tasks: tasks, progress: ProgressSource(services: services, storages: storages),
            cancellation: TaskCancellation(tasks: tasks, services: services, clearing: clearing), changes: changes, disconnects: disconnects
        ).addRoutes(to: router)
        return ServiceAssembly(
            responder: router.buildResponder(), disconnects: disconnects,
            services: [
                database, migration, changes, TablesFirst(migration: migration, work: clearing), TablesFirst(migration: migration, work: reconciler),
                TablesFirst(migration: migration, work: TaskRetention(tasks: tasks, logger: logger)),
            ],
            logger: logger,
            shutdown: { await client.shutdown() })
    }
}
