import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import GoldcrestShell
import Hummingbird

/// What the health checker asks: does the login work, does the scheduler answer?
struct ProbeController: Sendable {
    let systems: Systems

    func addRoutes(to router: Router<APIRequestContext>) {
        let probes = router.group("internal/:system/probe", context: CallerRequestContext.self)
        probes.get("ssh", use: ssh)
        probes.get("scheduler", use: scheduler)
    }

    @Sendable private func ssh(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        _ = try await system.pool.run(RemoteCommand("true"), as: context.schedulerUser, outputLimit: 1 << 16).requireSuccess()
        return try .json(ProbeAnswer())
    }

    @Sendable private func scheduler(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        return try .json(try await system.scheduler.probe(as: context.schedulerUser))
    }
}
