/// What the server says of a file, or is to change about it: draft-ietf-secsh-filexfer-02, section 5. Fields that are nil are left out.
public struct SFTPAttributes: Sendable, Equatable {
    public struct Owner: Sendable, Equatable {
        public var uid: UInt32
        public var gid: UInt32

        public init(uid: UInt32, gid: UInt32) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// In seconds since 1970.
    public struct Times: Sendable, Equatable {
        public var accessed: UInt32
        public var modified: UInt32

        public init(accessed: UInt32, modified: UInt32) {
            self.accessed = accessed
            self.modified = modified
        }
    }

    /// In bytes.
    public var size: UInt64?
    public var owner: Owner?
    /// The mode, as `st_mode` has it; the server sends it with the bits of the file's type.
    public var permissions: UInt32?
    public var times: Times?

    /// By the bits of `S_IFMT` (inode(7)), if the server sends them.
    var isDirectory: Bool { permissions.map { $0 & 0o170000 == 0o040000 } ?? false }

    public init(size: UInt64? = nil, owner: Owner? = nil, permissions: UInt32? = nil, times: Times? = nil) {
        self.size = size
        self.owner = owner
        self.permissions = permissions
        self.times = times
    }
}
