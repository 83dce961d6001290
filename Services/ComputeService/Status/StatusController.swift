import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestShell
import GoldcrestSSH
import Hummingbird

/// The routes that tell what a system has: nodes, partitions and reservations, and who the user is on it. They answer also while the health
/// checker finds the scheduler ill, for then they are asked most.
struct StatusController: Sendable {
    /// The most that `id` may print, in bytes.
    private static let identityLimit = 1 << 20

    let systems: Systems
    let reads: SchedulerReads

    func addRoutes(to router: Router<APIRequestContext>) {
        let status = router.group("status/:system", context: CallerRequestContext.self)
        status.get("nodes", use: nodes)
        status.get("partitions", use: partitions)
        status.get("reservations", use: reservations)
        status.get("userinfo", use: userInfo)
    }

    @Sendable private func nodes(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        return try await reads.response(to: context.read(.nodes)) {
            NodesAnswer(nodes: try await system.scheduler.nodes(as: context.schedulerUser))
        }
    }

    @Sendable private func partitions(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        var fields = try QueryFields(of: request)
        let includesHidden = fields.boolean("show_hidden")
        try fields.finish()
        return try await reads.response(to: context.read(.partitions(includesHidden: includesHidden))) {
            PartitionsAnswer(
                partitions: try await system.scheduler.partitions(includesHidden: includesHidden, as: context.schedulerUser))
        }
    }

    @Sendable private func reservations(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        return try await reads.response(to: context.read(.reservations)) {
            ReservationsAnswer(reservations: try await system.scheduler.reservations(as: context.schedulerUser))
        }
    }

    @Sendable private func userInfo(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        try context.requireHealthy(.ssh)
        let user = context.schedulerUser
        return try await reads.response(to: context.read(.userInfo)) {
            async let accounts = system.scheduler.accounts(of: user)
            let identity = try await system.pool.run(
                RemoteCommand("id").environment("LC_ALL", "C"), as: user, outputLimit: Self.identityLimit
            ).requireSuccess()
            guard let info = IdentityOutput.userInfo(identity, accounts: try await accounts) else {
                throw APIError(.internalServerError, "The system's `id` printed something else than a user's identity")
            }
            return info
        }
    }
}
