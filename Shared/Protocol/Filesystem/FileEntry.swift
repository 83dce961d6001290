/// One line of a directory listing, as `ls -l` shows it.
public struct FileEntry: Codable, Sendable, Equatable {
    /// The name in its directory, the path below the listing's root, or the full path of what was asked for itself. Bytes that aren't UTF-8 are U+FFFD.
    public var name: String
    /// The first letter of `ls -l`: `-`, `d`, `l`, `c`, `b`, `p` or `s`.
    public var type: String
    /// What a symbolic link holds.
    @Nullable public var linkTarget: String?
    public var user: String
    public var group: String
    /// The nine letters behind the type, and `+` (or another mark of `ls`) when an access control list adds to them.
    public var permissions: String
    /// Local time of the system, `YYYY-MM-DDTHH:MM:SS`.
    public var lastModified: String
    /// In bytes, decimal. Devices have none: 0.
    public var size: String

    public init(
        name: String, type: String, linkTarget: String?, user: String, group: String, permissions: String, lastModified: String,
        size: String
    ) {
        self.name = name
        self.type = type
        self.linkTarget = linkTarget
        self.user = user
        self.group = group
        self.permissions = permissions
        self.lastModified = lastModified
        self.size = size
    }
}
