import FoundationEssentials
import GoldcrestProtocol

/// A ``FileTransfer`` and what its job is charged to.
struct FileTransferPlan: TransferPlan {
    let transfer: FileTransfer
    let account: String?

    var request: TransferRequest {
        var request = TransferRequest(
            operation: transfer.operation, sourcePath: transfer.source.string, targetPath: transfer.target?.string, account: account)
        switch transfer {
        case .copy(_, _, let dereference):
            request.dereference = dereference ? true : nil
        case .compress(let order):
            request.dereference = order.dereference ? true : nil
            request.compression = order.compression
            request.matchPattern = order.matchPattern
        case .extract(_, _, let compression):
            request.compression = compression
        case .move, .remove: break
        }
        return request
    }

    /// To move and to remove something, the directories around it matter and not whether it can be read.
    func inspect(_ files: UserFiles) async throws {
        switch transfer {
        case .move(let path, _), .remove(let path):
            _ = try await files.stat(path, dereference: false)
        case .copy(let source, _, let dereference):
            try await files.requireReadable(source, try await files.stat(source, dereference: dereference))
        case .compress(let order):
            try await files.requireReadable(order.source, try await files.stat(order.source, dereference: order.dereference))
            try await files.requirePlace(forFileAt: order.target)
        case .extract(let archive, let directory, _):
            try await files.requireReadableFile(archive)
            try await files.requireDirectory(directory)
        }
    }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        PreparedTransfer(work: transfer.work)
    }
}
