import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import GoldcrestShell
import Hummingbird

/// The route that tells a user who they are on a system.
struct UserInfoController: Sendable {
    private static let outputLimit = 1 << 20

    let systems: Systems

    func addRoutes(to router: Router<APIRequestContext>) {
        router.group("status/:system", context: CallerRequestContext.self).get("userinfo", use: userInfo)
    }

    @Sendable private func userInfo(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let system = try systems.system(of: context)
        try context.requireHealthy(.ssh)
        let user = context.schedulerUser
        async let accounts = system.scheduler.accounts(of: user)
        let identity = try await system.pool.run(
            RemoteCommand("id").environment("LC_ALL", "C"), as: user, outputLimit: Self.outputLimit
        ).requireSuccess()
        guard let info = IdentityOutput.userInfo(identity, accounts: try await accounts) else {
            throw APIError(.internalServerError, "The system's `id` printed something else than a user's identity")
        }
        return try .json(info)
    }
}
