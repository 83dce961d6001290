import GoldcrestProtocol
import GoldcrestServiceKit
import GoldcrestSSH
import HTTPTypes
import Hummingbird

/// The route by which the health checker finds out whether a file system answers.
struct FilesystemProbeController: Sendable {
    let systems: FilesystemSystems

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("internal/:system/probe", context: CallerRequestContext.self)
        group.get("filesystem", use: probe)
    }

    @Sendable private func probe(_ request: Request, _ context: CallerRequestContext) async throws -> Response {
        let operation = try systems.operation(request, context)
        let start = ContinuousClock.now
        let stat = try await operation.files.stat(operation.path, dereferences: true, as: operation.user)
        guard stat.kind == .directory else { throw APIError(.internalServerError, "\(operation.path) is no directory") }
        let milliseconds = start.duration(to: .now) / .milliseconds(1)
        return try .json(ProbeAnswer(message: "answered in \(Int(milliseconds)) ms"))
    }
}
