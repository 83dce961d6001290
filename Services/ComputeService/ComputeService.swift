public import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
public import GoldcrestServiceKit
import GoldcrestSSH
public import Hummingbird

/// Submits, finds and ends jobs on the systems' schedulers.
public enum ComputeService: GoldcrestService {
    public static let name = ServiceName.computeService
    public static let abstract = "Talks to the schedulers: jobs, and who a user is on a system."

    public static func assemble(_ deployment: Deployment) throws -> ServiceAssembly<some HTTPResponder<APIRequestContext>> {
        let logger = deployment.logger
        let keys = try CallContextKeys(folder: deployment.environment.keysDirectory).verificationKeys()
        let client = HTTPClient(logger: logger)
        let pools = SSHPools(settings: deployment.settings, httpClient: client, logger: logger)
        let systems = Systems(deployment.settings.clusters, pools: pools, client: client, logger: logger)
        let disconnects = ClientDisconnects()
        let router = Router.service(verifier: CallContextVerifier(keys: keys), disconnects: disconnects)
        let reads = SchedulerReads()
        JobsController(systems: systems, reads: reads).addRoutes(to: router)
        StatusController(systems: systems, reads: reads).addRoutes(to: router)
        ProbeController(systems: systems).addRoutes(to: router)
        return ServiceAssembly(responder: router.buildResponder(), disconnects: disconnects, logger: logger) {
            await pools.shutdown()
            await client.shutdown()
        }
    }
}
