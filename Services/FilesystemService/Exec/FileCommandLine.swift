import GoldcrestProtocol

/// The command lines of GNU coreutils and `file` that do the work: program first, one element an argument, nothing quoted.
///
/// Each is one process. All are meant to run with `LC_ALL=C`, which fixes the order, the messages and what counts as a printable character.
enum FileCommandLine {
    /// Names and link targets come as C string literals, so that any byte in them survives and a line is an entry.
    static func list(_ argument: String, _ options: ListingOptions, itself: Bool = false) -> [String] {
        var line = ["ls", "-l", "--quoting-style=c", "--time-style=+%Y-%m-%dT%H:%M:%S", "--block-size=1"]
        if itself { line.append("-d") }
        if options.showsHidden { line.append("-A") }
        if options.numericIDs { line.append("-n") }
        if options.recursive { line.append("-R") }
        if options.dereferences { line.append("-L") }
        return line + ["--", argument]
    }

    /// The entry of `path` itself, a link being shown as a link.
    static func entry(_ path: AbsolutePath) -> [String] {
        list(path.string, ListingOptions(), itself: true)
    }

    static func stat(_ path: AbsolutePath, dereferences: Bool) -> [String] {
        ["stat"] + (dereferences ? ["-L"] : []) + ["--format=\(FileStat.format)", "--", path.string]
    }

    static func excerpt(_ excerpt: Excerpt, of path: AbsolutePath) -> [String] {
        // Nothing of a file still means opening it: a byte is asked for, so that what cannot be read is refused, and dropped later.
        if excerpt.isEmpty { return ["head", "--bytes=1", "--", path.string] }
        let count =
            switch (excerpt.edge, excerpt.extent) {
            case (_, .first): "\(excerpt.count)"
            case (.head, .allBut): "-\(excerpt.count)"
            // `tail +K` begins with unit number K, counted from 1.
            case (.tail, .allBut): "+\(excerpt.count + 1)"
            }
        return [excerpt.edge == .head ? "head" : "tail", "--\(excerpt.unit.rawValue)=\(count)", "--", path.string]
    }

    /// `size` bytes from `offset` on; nothing when the file ends before.
    static func view(_ path: AbsolutePath, offset: Int, size: Int) -> [String] {
        [
            "dd", "if=\(path.string)", "bs=64K", "iflag=skip_bytes,count_bytes,fullblock", "skip=\(offset)", "count=\(size)",
            "status=none",
        ]
    }

    static func checksum(_ path: AbsolutePath) -> [String] {
        ["sha256sum", "--", path.string]
    }

    static func fileType(_ path: AbsolutePath) -> [String] {
        ["file", "--brief", "--", path.string]
    }

    static func makeDirectory(_ path: AbsolutePath, withParents: Bool) -> [String] {
        ["mkdir"] + (withParents ? ["-p"] : []) + ["--", path.string]
    }

    /// Not `-f`: what isn't there must be an error.
    static func remove(_ path: AbsolutePath) -> [String] {
        ["rm", "-r", "--interactive=never", "--", path.string]
    }

    /// Type and size of what a path leads to, on one line, before its content.
    static func typeAndSize(_ path: AbsolutePath) -> [String] {
        ["stat", "-L", "--format=%f %s", "--", path.string]
    }

    /// At most `limit` bytes of a file from its beginning.
    static func content(_ path: AbsolutePath, limit: Int) -> [String] {
        ["head", "--bytes=\(limit)", "--", path.string]
    }
}
