import GoldcrestProtocol

/// What a job is to put into an archive, and how.
struct ArchiveOrder: Sendable, Equatable {
    var source: AbsolutePath
    /// The archive.
    var target: AbsolutePath
    var compression = Compression.gzip
    /// A regular expression for whole paths, as `find -regex` takes it: only files that match are put in.
    var matchPattern: String?
    /// Puts in what symbolic links lead to instead of the links.
    var dereference = false
}
