import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

/// Finds out how far a transfer is, where that is known. Nothing that goes wrong here is an error: then it is not known.
struct ProgressSource: Sendable {
    private static let deadline = Duration.seconds(3)
    /// The end of a log that is read, in bytes: some lines.
    private static let logEnd = 2048

    let services: InternalClient
    /// By the names of the systems.
    let storages: [String: ObjectStore]

    /// Whether there ever is anything to tell.
    static func tells(of operation: TransferOperation) -> Bool { operation == .upload || operation == .download }

    /// - Parameter caller: The task's user.
    func progress(of task: TransferTask, as caller: InternalClient.Caller, identity: RequestIdentity) async -> TransferProgress? {
        guard Self.tells(of: task.request.operation) else { return nil }
        if task.jobID != nil, task.state != .submitted, task.state != .queued,
            let progress = await loggedProgress(of: task, as: caller, identity: identity)
        {
            return progress
        }
        // The job has not begun to fetch what the user still sends.
        return task.state.hasEnded ? nil : await sentProgress(of: task)
    }

    private func loggedProgress(of task: TransferTask, as caller: InternalClient.Caller, identity: RequestIdentity) async -> TransferProgress? {
        let call = InternalClient.Call(
            .get, .filesystem, "/filesystem/\(PercentEncoding.encode(task.system))/ops/tail", system: task.system,
            query: [("path", task.files.outputLog), ("bytes", "\(Self.logEnd)")])
        let log = try? await services.call(
            call, as: caller, identity: identity, deadline: Self.deadline, returning: OperationOutput<FileContent>.self)
        return log.flatMap { TransferProgress(endOf: $0.output.content) }
    }

    /// What the user has sent to the storage: parts, and when these are complete, the object.
    private func sentProgress(of task: TransferTask) async -> TransferProgress? {
        guard let storage = storages[task.system], let size = task.request.fileSize, let staged = task.staged, let uploadID = staged.uploadID else {
            return nil
        }
        let object = ObjectName(bucket: BucketName(rawValue: staged.bucket), key: staged.key)
        var sent = try? await storage.uploadedBytes(of: MultipartUpload(object: object, id: uploadID))
        if sent == nil { sent = try? await storage.head(object) }
        return sent.flatMap { TransferProgress(transferredBytes: $0, totalBytes: size) }
    }
}
