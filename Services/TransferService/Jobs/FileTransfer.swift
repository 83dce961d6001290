import GoldcrestProtocol
import GoldcrestShell

/// A change of files that is too long for a request and is done by a job.
enum FileTransfer: Sendable, Equatable {
    case move(source: AbsolutePath, target: AbsolutePath)
    case copy(source: AbsolutePath, target: AbsolutePath, dereference: Bool)
    case remove(path: AbsolutePath)
    case compress(ArchiveOrder)
    /// Unpacks an archive in a directory.
    case extract(source: AbsolutePath, target: AbsolutePath, compression: Compression)

    /// The path that must exist.
    var source: AbsolutePath {
        switch self {
        case .move(let source, _), .copy(let source, _, _), .remove(let source), .extract(let source, _, _): source
        case .compress(let order): order.source
        }
    }

    var target: AbsolutePath? {
        switch self {
        case .move(_, let target), .copy(_, let target, _), .extract(_, let target, _): target
        case .compress(let order): order.target
        case .remove: nil
        }
    }

    var operation: TransferOperation {
        switch self {
        case .move: .mv
        case .copy: .cp
        case .remove: .rm
        case .compress: .compress
        case .extract: .extract
        }
    }

    /// Nothing asks a question: there is nobody to answer it, and what the user may not do fails by itself.
    var work: TransferJobWork {
        switch self {
        case .move(let source, let target):
            TransferJobWork(script: "mv --force -- \(source) \(target)", successMessage: "Files were successfully moved.")
        case .copy(let source, let target, dereference: true):
            TransferJobWork(script: "cp --recursive --dereference -- \(source) \(target)", successMessage: "Files were successfully copied.")
        case .copy(let source, let target, dereference: false):
            TransferJobWork(script: "cp --recursive --no-dereference -- \(source) \(target)", successMessage: "Files were successfully copied.")
        case .remove(let path):
            TransferJobWork(script: "rm --recursive --interactive=never -- \(path)", successMessage: "Files were successfully removed.")
        case .compress(let order):
            TransferJobWork(script: CompressScript(order: order).script, successMessage: "Files were successfully compressed.")
        case .extract(let source, let target, let compression):
            TransferJobWork(
                script: ExtractScript(archive: source, directory: target, compression: compression).script,
                successMessage: "Files were successfully extracted.")
        }
    }
}
