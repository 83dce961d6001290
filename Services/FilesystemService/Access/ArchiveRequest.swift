import GoldcrestProtocol

/// What is to be put into an archive, and how.
struct ArchiveRequest: Sendable, Equatable {
    var source: AbsolutePath
    var archive: AbsolutePath
    /// A regular expression for whole paths, as `find -regex` takes it: only files that match are put in.
    var matchPattern: String?
    /// Puts in what symbolic links lead to instead of the links.
    var dereferences = false
    var compression = Compression.gzip
}
