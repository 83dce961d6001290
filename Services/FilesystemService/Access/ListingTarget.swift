import GoldcrestProtocol

/// What a listing is asked for: a path and whether a link there stands for what it leads to.
struct ListingTarget: Sendable, Equatable {
    var path: AbsolutePath
    /// The request's path ended in a slash: a link to a directory then means the directory (POSIX path resolution).
    var entersLink = false

    init(path: AbsolutePath, entersLink: Bool = false) {
        self.path = path
        self.entersLink = entersLink && !path.isRoot
    }

    /// The path as programs take it.
    var argument: [UInt8] { entersLink ? path.bytes + "/".utf8 : path.bytes }
}
