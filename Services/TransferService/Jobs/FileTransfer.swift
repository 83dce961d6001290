import FoundationEssentials
import GoldcrestProtocol
import GoldcrestShell

/// A change of files that is too long for a request and is done by a job.
enum FileTransfer: Sendable, Equatable {
    case move(source: AbsolutePath, target: AbsolutePath)
    case copy(source: AbsolutePath, target: AbsolutePath, dereference: Bool)
    case remove(path: AbsolutePath)

    /// The path that must exist.
    var source: AbsolutePath {
        switch self {
        case .move(let source, _), .copy(let source, _, _), .remove(let source): source
        }
    }

    var target: AbsolutePath? {
        switch self {
        case .move(_, let target), .copy(_, let target, _): target
        case .remove: nil
        }
    }

    /// Whether symbolic links are followed.
    var dereferences: Bool {
        if case .copy(_, _, dereference: true) = self { true } else { false }
    }

    /// Whether the user must be allowed to read the source; to move and remove it, the directories around it matter.
    var readsSource: Bool { operation == .cp }

    var operation: TransferOperation {
        switch self {
        case .move: .mv
        case .copy: .cp
        case .remove: .rm
        }
    }

    var work: TransferJobWork {
        switch self {
        case .move(let source, let target):
            TransferJobWork(script: "mv -- \(source) \(target)", successMessage: "Files were successfully moved.")
        case .copy(let source, let target, dereference: true):
            TransferJobWork(script: "cp --recursive --dereference -- \(source) \(target)", successMessage: "Files were successfully copied.")
        case .copy(let source, let target, dereference: false):
            TransferJobWork(script: "cp --recursive --no-dereference -- \(source) \(target)", successMessage: "Files were successfully copied.")
        case .remove(let path):
            TransferJobWork(script: "rm --recursive -- \(path)", successMessage: "Files were successfully removed.")
        }
    }
}

/// A ``FileTransfer`` and the account that its job is charged to.
struct FileTransferPlan: TransferPlan {
    let transfer: FileTransfer
    let account: String?

    var request: TransferRequest {
        TransferRequest(
            operation: transfer.operation, sourcePath: "\(transfer.source)", targetPath: transfer.target.map { "\($0)" }, account: account,
            dereference: transfer.dereferences ? true : nil)
    }

    func inspect(_ files: UserFiles) async throws {
        let stat = try await files.stat(transfer.source, dereference: transfer.dereferences)
        guard transfer.readsSource else { return }
        try await files.requireReadable(transfer.source, stat)
    }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        PreparedTransfer(work: transfer.work)
    }
}
