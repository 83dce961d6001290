import GoldcrestProtocol

/// The output of `ls -l` as ``FileCommand/list(_:_:itself:)`` asks for it.
struct LongListing: Sendable, Equatable {
    /// In the order of the listing, names below directories relative to its root.
    private(set) var entries: [FileEntry] = []

    /// Reads a whole output.
    ///
    /// - Parameter root: The path that was listed, as it stood on the command line.
    /// - Returns: Nil when a line is no line of `ls -l`.
    init?(parsing output: [UInt8], root: [UInt8]) {
        var block = LongListingBlock(directory: nil)
        for line in output.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "\"") {
                entries += block.entries
                guard let (path, colon) = CQuotedText.read(line), colon.elementsEqual(":".utf8) else { return nil }
                block = LongListingBlock(directory: Self.path(path, below: root))
            } else if !line.starts(with: "total ".utf8) {
                guard let row = LongListingRow(line) else { return nil }
                block.rows.append(row)
            }
        }
        entries += block.entries
    }

    /// Whether there are entries of which `ls` knows nothing but name and type: with `-L` links that lead nowhere, otherwise files that were
    /// removed meanwhile.
    var hasUnknownEntries: Bool { entries.contains(where: \.isUnknown) }

    /// The entries, unknown ones filled in from a listing that doesn't follow links. Unknown links that aren't in it stay as they are, other
    /// files are gone.
    func completed(by plain: LongListing?) -> [FileEntry] {
        // By bytes: two names that Unicode takes for the same are two files.
        let known = Dictionary(
            (plain?.entries ?? []).lazy.filter { !$0.isUnknown }.map { (Array($0.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        return entries.compactMap { entry in
            guard entry.isUnknown else { return entry }
            return known[Array(entry.name.utf8)] ?? (entry.type == "l" ? entry : nil)
        }
    }

    /// A path of a recursive listing, relative to the listing's root; empty for the root itself.
    private static func path(_ path: [UInt8], below root: [UInt8]) -> [UInt8] {
        let path = path.starts(with: root) ? path.dropFirst(root.count) : path[...]
        return Array(path.drop { $0 == UInt8(ascii: "/") })
    }
}

extension FileEntry {
    /// Whether `ls` could not look at the file.
    fileprivate var isUnknown: Bool { permissions.utf8.first == UInt8(ascii: "?") }
}
