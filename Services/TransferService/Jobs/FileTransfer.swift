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

    var command: RemoteCommand {
        switch self {
        case .move(let source, let target):
            RemoteCommand("mv", "--", "\(source)", "\(target)")
        case .copy(let source, let target, dereference: true):
            RemoteCommand("cp", "--recursive", "--dereference", "--", "\(source)", "\(target)")
        case .copy(let source, let target, dereference: false):
            RemoteCommand("cp", "--recursive", "--no-dereference", "--", "\(source)", "\(target)")
        case .remove(let path):
            RemoteCommand("rm", "--recursive", "--", "\(path)")
        }
    }

    var successMessage: String {
        switch self {
        case .move: "Files were successfully moved."
        case .copy: "Files were successfully copied."
        case .remove: "Files were successfully removed."
        }
    }
}
