import GoldcrestProtocol
import GoldcrestSSH

/// A file of a listing, with owners and time as numbers: compact, as a directory may hold very many.
struct ListedFile: Sendable, Equatable {
    /// Its name, or its path as the listing shows it.
    var name: [UInt8]
    /// What a symbolic link holds, if that has been asked for.
    var linkTarget: [UInt8]?
    var mode: FileModeText
    var uid: UInt32
    var gid: UInt32
    /// In bytes.
    var size: UInt64
    /// In seconds since 1970.
    var modified: UInt32

    /// - Throws: ``BeyondSFTP`` when the server leaves out what a listing shows.
    init(name: [UInt8], _ attributes: SFTPAttributes) throws(BeyondSFTP) {
        guard let size = attributes.size, let owner = attributes.owner, let mode = attributes.permissions, let times = attributes.times else {
            throw BeyondSFTP()
        }
        self.name = name
        self.mode = FileModeText(mode)
        uid = owner.uid
        gid = owner.gid
        self.size = size
        modified = times.modified
    }

    func entry(owners: OwnerNames, time: LocalTimeText) -> FileEntry {
        FileEntry(
            name: String(decoding: name, as: UTF8.self), type: mode.type, linkTarget: linkTarget.map { String(decoding: $0, as: UTF8.self) },
            user: owners.name(.user(uid)), group: owners.name(.group(gid)), permissions: mode.permissions,
            lastModified: time.text(atUnixTime: Int(modified)), size: mode.isDevice ? "0" : String(size))
    }
}
