import GoldcrestProtocol

/// The lines that `ls -l` wrote for one directory. They share the positions of their columns.
struct LongListingBlock {
    /// The directory below the listing's root; nil when the listing has no headings, empty for the root itself.
    let directory: [UInt8]?
    var rows: [LongListingRow] = []

    var entries: [FileEntry] {
        // Names of users and groups may hold blanks ("domain users"). A line where they don't shows where the group's column begins.
        let groupColumn = rows.lazy.compactMap(\.unambiguousGroupColumn).first
        return rows.map { row in
            let (user, group) = row.owners(groupColumn: groupColumn)
            return FileEntry(
                name: Self.text(path(of: row.name)), type: row.type, linkTarget: row.linkTarget.map(Self.text), user: user,
                group: group, permissions: row.permissions, lastModified: row.lastModified, size: row.size)
        }
    }

    private func path(of name: [UInt8]) -> [UInt8] {
        guard let directory, !directory.isEmpty else { return name }
        return directory + [UInt8(ascii: "/")] + name
    }

    /// JSON holds Unicode only: other bytes become U+FFFD.
    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
