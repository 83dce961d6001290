public import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
public import GoldcrestServiceKit
import GoldcrestSSH
public import Hummingbird
import Logging

/// Does file operations on the systems, as the users who ask for them.
public enum FilesystemService: GoldcrestService {
    public static let name = ServiceName.filesystemService
    public static let abstract = "Lists, reads, writes and removes files on the systems over SSH."

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        let verifier = CallContextVerifier(keys: try CallContextKeys(folder: deployment.environment.keysDirectory).verificationKeys())
        let client = HTTPClient(logger: deployment.logger)
        let pools = SSHPools(settings: deployment.settings, httpClient: client, usesSFTP: true, logger: deployment.logger)
        let systems = FilesystemSystems(
            deployment.settings.clusters.compactMap { cluster in
                pools[cluster.name].map { FilesystemSystem(cluster: cluster, files: fileSystem(of: cluster, over: $0, logger: deployment.logger)) }
            })
        let disconnects = ClientDisconnects()
        let router = Router.service(verifier: verifier, disconnects: disconnects)
        FileInspectionController(systems: systems).addRoutes(to: router)
        FileContentController(systems: systems, disconnects: disconnects).addRoutes(to: router)
        FileChangeController(systems: systems).addRoutes(to: router)
        ArchiveController(systems: systems).addRoutes(to: router)
        FilesystemProbeController(systems: systems).addRoutes(to: router)
        return ServiceAssembly(
            responder: router.buildResponder(), disconnects: disconnects, logger: deployment.logger,
            shutdown: {
                await pools.shutdown()
                await client.shutdown()
            })
    }

    private static func fileSystem(of cluster: Cluster, over ssh: SSHPool, logger: Logger) -> any FileSystemAccess {
        switch cluster.fileAccess {
        case .exec: ExecFileSystem(ssh: ssh, cluster: cluster)
        case .sftp, .automatic: SFTPFileSystem(ssh: ssh, cluster: cluster, logger: logger)
        }
    }
}
