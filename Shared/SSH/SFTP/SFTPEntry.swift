/// One name in a directory.
public struct SFTPEntry: Sendable, Equatable {
    public var name: [UInt8]
    /// The entry as the server's `ls -l` would show it: the only place where names of the owner and the group are.
    public var longName: [UInt8]
    /// Of the entry itself, not of what a symbolic link leads to.
    public var attributes: SFTPAttributes

    public init(name: [UInt8], longName: [UInt8], attributes: SFTPAttributes) {
        self.name = name
        self.longName = longName
        self.attributes = attributes
    }
}
