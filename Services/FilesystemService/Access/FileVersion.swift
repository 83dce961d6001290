/// What a file is at a moment: enough to tell whether it has changed since.
struct FileVersion: Sendable, Equatable {
    /// In bytes.
    var size: Int
    /// In Unix seconds.
    var modified: Int64
}
