/// The kinds of files that matter to an operation.
public enum FileKind: Sendable, Equatable {
    case regular
    case directory
    case symbolicLink
    /// A device, a pipe or a socket.
    case special

    /// Reads the file type bits of `st_mode` (inode(7)).
    public init(mode: UInt64) {
        switch mode & 0o170000 {
        case 0o100000: self = .regular
        case 0o040000: self = .directory
        case 0o120000: self = .symbolicLink
        default: self = .special
        }
    }
}
