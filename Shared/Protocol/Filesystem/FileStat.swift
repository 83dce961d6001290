/// What `stat(2)` says about a file; times are in Unix seconds.
public struct FileStat: Codable, Sendable, Equatable {
    /// Type and permissions, as in `st_mode`.
    public var mode: UInt64
    public var ino: UInt64
    public var dev: UInt64
    public var nlink: UInt64
    public var uid: UInt64
    public var gid: UInt64
    /// In bytes.
    public var size: Int64
    public var atime: Int64
    public var ctime: Int64
    public var mtime: Int64

    public init(
        mode: UInt64, ino: UInt64, dev: UInt64, nlink: UInt64, uid: UInt64, gid: UInt64, size: Int64, atime: Int64, ctime: Int64,
        mtime: Int64
    ) {
        self.mode = mode
        self.ino = ino
        self.dev = dev
        self.nlink = nlink
        self.uid = uid
        self.gid = gid
        self.size = size
        self.atime = atime
        self.ctime = ctime
        self.mtime = mtime
    }

    /// What kind of file it is, by the bits of `S_IFMT`.
    public var kind: FileKind { FileKind(mode: mode) }
}
