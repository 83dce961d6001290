import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging

/// The routes that submit transfers.
struct TransferController: Sendable {
    /// The transfer that a request asks for, and what makes it one with its repetitions.
    private typealias Wanted = (plan: any TransferPlan, idempotencyKey: String?)

    let clusters: [String: Cluster]
    /// By the names of the systems that have one.
    let storages: [String: ObjectStore]
    let submission: TransferSubmission

    func addRoutes(to router: Router<APIRequestContext>) {
        let group = router.group("filesystem/:system/transfer", context: CallerRequestContext.self)
        group.post("mv") { request, context in
            try await submit(context, status: .created) { wanted(try await FileTransferRequest.move(request, on: $0)) }
        }
        group.post("cp") { request, context in
            try await submit(context, status: .created) { wanted(try await FileTransferRequest.copy(request, on: $0)) }
        }
        group.delete("rm") { request, context in
            try await submit(context, status: .ok) { wanted(try FileTransferRequest.remove(request, on: $0)) }
        }
        group.post("compress") { request, context in
            try await submit(context, status: .created) { wanted(try await FileTransferRequest.compress(request, on: $0)) }
        }
        group.post("extract") { request, context in
            try await submit(context, status: .created) { wanted(try await FileTransferRequest.extract(request, on: $0)) }
        }
        group.post("upload") { request, context in
            try await submit(context, status: .created) { try wanted(try await UploadRequest.read(request, on: $0), on: $0, context.call.user) }
        }
        group.post("download") { request, context in
            try await submit(context, status: .created) { try wanted(try await DownloadRequest.read(request, on: $0), on: $0, context.call.user) }
        }
    }

    // MARK: - Plans

    private func wanted(_ request: FileTransferRequest) -> Wanted {
        (FileTransferPlan(transfer: request.transfer, account: request.account), request.idempotencyKey)
    }

    private func wanted(_ request: UploadRequest, on cluster: Cluster, _ user: String) throws -> Wanted {
        let plan: any TransferPlan =
            switch request.way {
            case .s3(let parts):
                S3UploadPlan(target: request.target, parts: parts, account: request.account, user: user, storage: try storage(of: cluster))
            case .streamer(let settings, let fileSize):
                try StreamerPlan(.upload(to: request.target), settings: settings, account: request.account, fileSize: fileSize)
            case .wormhole(let settings, let code):
                WormholePlan(direction: .upload(to: request.target), account: request.account, code: code, settings: settings)
            }
        return (plan, request.idempotencyKey)
    }

    private func wanted(_ request: DownloadRequest, on cluster: Cluster, _ user: String) throws -> Wanted {
        let plan: any TransferPlan =
            switch request.way {
            case .s3:
                S3DownloadPlan(source: request.source, account: request.account, user: user, storage: try storage(of: cluster))
            case .streamer(let settings):
                try StreamerPlan(.download(from: request.source), settings: settings, account: request.account)
            case .wormhole(let settings):
                WormholePlan(direction: .download(from: request.source), account: request.account, code: .random(), settings: settings)
            }
        return (plan, request.idempotencyKey)
    }

    private func storage(of cluster: Cluster) throws -> ObjectStore {
        guard let storage = storages[cluster.name] else { throw APIError(.notImplemented, "The system \(cluster.name) has no object storage") }
        return storage
    }

    // MARK: - Submission

    private func submit(
        _ context: CallerRequestContext, status: HTTPResponse.Status, _ read: (Cluster) async throws -> Wanted
    ) async throws -> Response {
        guard let cluster = clusters[context.call.system] else { throw APIError(.notFound, "System not found") }
        let (plan, idempotencyKey) = try await read(cluster)
        try context.requireHealthy(.ssh, .scheduler)
        if plan.request.transferMethod == .s3 { try context.requireHealthy(.s3) }
        try requireHealthyFileSystems(of: plan.request, on: cluster, context.call)
        let (task, jobID) = try await submission.submit(
            plan, idempotencyKey: idempotencyKey, on: cluster, as: InternalClient.Caller(user: context.call.user, token: context.token),
            identity: context.identity, logger: context.logger)
        return try .json(TransferResponse(task, jobID: jobID), status: status)
    }

    /// Another file system of the system may be unhealthy; those that the job works on may not.
    private func requireHealthyFileSystems(of request: TransferRequest, on cluster: Cluster, _ call: CallContext) throws {
        let paths = [request.sourcePath, request.targetPath, cluster.defaultWorkDirectory?.path.string].compactMap(\.self)
        let needed = Set(paths.compactMap { cluster.fileSystem(containing: $0)?.path.string })
        for service in call.unhealthyServices where service.serviceType == .filesystem {
            guard service.path.map(needed.contains) ?? true else { continue }
            throw APIError(
                .serviceUnavailable, "The file system \(service.path ?? "") of \(call.system) is unhealthy; see /status/systems")
        }
    }
}
