import GoldcrestProtocol
import GoldcrestShell

/// The commands of GNU coreutils and `file` that do the work.
///
/// Each is one process. All are meant to run with `LC_ALL=C`, which fixes the order, the messages and what counts as a printable character.
enum FileCommand {
    /// Names and link targets come as C string literals, so that any byte in them survives and a line is an entry.
    static func list(_ target: ListingTarget, _ options: ListingOptions, itself: Bool = false) -> RemoteCommand {
        var command = RemoteCommand("ls", arguments: listingWords)
        if itself { command = command.appending("-d") }
        if options.showsHidden { command = command.appending("-A") }
        if options.numericIDs { command = command.appending("-n") }
        if options.recursive { command = command.appending("-R") }
        if options.dereferences { command = command.appending("-L") }
        return command.appending("--", target.argument)
    }

    private static let listingWords = ["-l", "--quoting-style=c", "--time-style=+%Y-%m-%dT%H:%M:%S", "--block-size=1"]

    /// The words of the command that shows the entry of its last argument, for scripts that know only at their end what to show.
    static let entryWords = ["ls"] + listingWords + ["-d", "--"]

    /// The entry of `path` itself, a link being shown as a link.
    static func entry(_ path: AbsolutePath) -> RemoteCommand {
        list(ListingTarget(path: path), ListingOptions(), itself: true)
    }

    static func stat(_ path: AbsolutePath, dereferences: Bool) -> RemoteCommand {
        RemoteCommand("stat", arguments: (dereferences ? ["-L"] : []) + ["--format=\(FileStat.format)", "--"]).appending(path)
    }

    static func excerpt(_ excerpt: Excerpt, of path: AbsolutePath) -> RemoteCommand {
        // Nothing of a file still means opening it: a byte is asked for, so that what cannot be read is refused, and dropped later.
        if excerpt.isEmpty { return RemoteCommand("head", "--bytes=1", "--", path) }
        let count =
            switch (excerpt.edge, excerpt.extent) {
            case (_, .first): "\(excerpt.count)"
            case (.head, .allBut): "-\(excerpt.count)"
            // `tail +K` begins with unit number K, counted from 1.
            case (.tail, .allBut): "+\(excerpt.count + 1)"
            }
        return RemoteCommand(excerpt.edge == .head ? "head" : "tail", "--\(excerpt.unit.rawValue)=\(count)", "--", path)
    }

    static func checksum(_ path: AbsolutePath, by algorithm: ChecksumAlgorithm) -> RemoteCommand {
        RemoteCommand(algorithm.program, "--", path)
    }

    static func fileType(_ path: AbsolutePath) -> RemoteCommand {
        RemoteCommand("file", "--brief", "--", path)
    }

    static func makeDirectory(_ path: AbsolutePath, withParents: Bool) -> RemoteCommand {
        RemoteCommand("mkdir", arguments: withParents ? ["-p", "--"] : ["--"]).appending(path)
    }

    /// Never a link in a directory that has the link's name.
    static func makeSymbolicLink(_ link: AbsolutePath, to target: AbsolutePath) -> RemoteCommand {
        RemoteCommand("ln", "--symbolic", "--no-target-directory", "--", target, link)
    }

    static func changeMode(_ path: AbsolutePath, to mode: FileMode) -> RemoteCommand {
        RemoteCommand("chmod", "--", mode.text, path)
    }

    static func changeOwner(_ path: AbsolutePath, to ownership: Ownership) -> RemoteCommand {
        RemoteCommand("chown", "--", ownership.argument, path)
    }

    /// Not `-f`: what isn't there must be an error.
    static func remove(_ path: AbsolutePath) -> RemoteCommand {
        RemoteCommand("rm", "-r", "--interactive=never", "--", path)
    }

    /// Type and size of what a path leads to, on one line, before its content.
    static func typeAndSize(_ path: AbsolutePath) -> RemoteCommand {
        RemoteCommand("stat", "-L", "--format=%f %s", "--", path)
    }

    /// At most `limit` bytes of a file from its beginning.
    static func content(_ path: AbsolutePath, limit: Int) -> RemoteCommand {
        RemoteCommand("head", "--bytes=\(limit)", "--", path)
    }
}
