import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging

/// The routes that move, copy and remove files by jobs.
struct TransferController: Sendable {
    let clusters: [String: Cluster]
    let submission: TransferSubmission

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/transfer", context: CallerRequestContext.self)
        group.post("mv") { request, context in
            try await submit(context, status: .created) { try await FileTransferRequest.move(request, on: $0) }
        }
        group.post("cp") { request, context in
            try await submit(context, status: .created) { try await FileTransferRequest.copy(request, on: $0) }
        }
        group.delete("rm") { request, context in
            try await submit(context, status: .ok) { try FileTransferRequest.remove(request, on: $0) }
        }
    }

    private func submit(
        _ context: CallerRequestContext, status: HTTPResponse.Status,
        _ read: (Cluster) async throws -> FileTransferRequest
    ) async throws -> Response {
        guard let cluster = clusters[context.call.system] else { throw APIError(.notFound, "System not found") }
        let request = try await read(cluster)
        try context.requireHealthy(.ssh, .scheduler)
        try requireHealthyFileSystems(of: request.transfer, on: cluster, context.call)
        let (task, jobID) = try await submission.submit(
            FileTransferPlan(transfer: request.transfer, account: request.account), idempotencyKey: request.idempotencyKey, on: cluster, as: InternalClient.Caller(user: context.call.user, token: context.token),
            identity: context.identity, logger: context.logger)
        return try .json(TransferResponse(task, jobID: jobID), status: status)
    }

    /// Another file system of the system may be unhealthy; those that the job works on may not.
    private func requireHealthyFileSystems(of transfer: FileTransfer, on cluster: Cluster, _ call: CallContext) throws {
        let paths = [transfer.source, transfer.target, cluster.defaultWorkDirectory?.path].compactMap(\.self)
        let needed = Set(paths.compactMap { cluster.fileSystem(containing: $0).map { "\($0.path)" } })
        for service in call.unhealthyServices where service.serviceType == .filesystem {
            guard service.path.map(needed.contains) ?? true else { continue }
            throw APIError(
                .serviceUnavailable, "The file system \(service.path ?? "") of \(call.system) is unhealthy; see /status/systems")
        }
    }
}
