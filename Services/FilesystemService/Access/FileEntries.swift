import GoldcrestProtocol

/// The entries of a listing, each made when it is asked for: what a back end knows of a file takes less memory than what clients are told.
struct FileEntries: RandomAccessCollection, Sendable {
    let endIndex: Int
    private let entry: @Sendable (Int) -> FileEntry

    init(_ entries: [FileEntry]) {
        self.init(entries) { $0 }
    }

    /// - Parameter entry: Makes the entry of a file.
    init<File: Sendable>(_ files: [File], _ entry: @escaping @Sendable (File) -> FileEntry) {
        endIndex = files.count
        self.entry = { entry(files[$0]) }
    }

    var startIndex: Int { 0 }

    subscript(position: Int) -> FileEntry { entry(position) }
}
