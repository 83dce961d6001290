import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import Testing

@testable import FilesystemService

@Suite("Commands for files")
struct FileCommandTests {
    private let path: AbsolutePath

    init() throws {
        path = try AbsolutePath(normalising: Array("/data/a b;$(id)'\"\n".utf8) + [0xFF])
    }

    @Test("each option of a listing is one option of ls")
    func listing() throws {
        let always = ["-l", "--quoting-style=c", "--time-style=+%Y-%m-%dT%H:%M:%S", "--block-size=1"]
        let target = ListingTarget(path: try AbsolutePath(normalising: "/d"))
        #expect(FileCommand.list(target, ListingOptions()) == RemoteCommand("ls", arguments: always + ["--", "/d"]))
        let entered = ListingTarget(path: target.path, entersLink: true)
        #expect(
            FileCommand.list(entered, ListingOptions(showsHidden: true, numericIDs: true, recursive: true, dereferences: true))
                == RemoteCommand("ls", arguments: always + ["-A", "-n", "-R", "-L", "--", "/d/"]))
        #expect(FileCommand.entry(path) == RemoteCommand("ls", arguments: always + ["-d", "--"]).appending(path))
    }

    @Test("a path is one argument, whatever it holds, and never an option")
    func paths() throws {
        let commands = [
            FileCommand.stat(path, dereferences: true), FileCommand.checksum(path, by: .sha256), FileCommand.fileType(path),
            FileCommand.makeDirectory(path, withParents: true), FileCommand.remove(path), FileCommand.typeAndSize(path),
            FileCommand.content(path, limit: 1), FileCommand.entry(path),
        ]
        let end = try RemoteCommand("--", path).shellBytes()
        for command in commands { #expect(try command.shellBytes().suffix(end.count) == end[...]) }
    }

    @Test("links, modes and owners are changed by one command each, behind the end of its options")
    func changes() throws {
        #expect(FileCommand.makeSymbolicLink(path, to: .root) == RemoteCommand("ln", "--symbolic", "--no-target-directory", "--", "/", path))
        #expect(FileCommand.changeMode(path, to: try FileMode("-w")) == RemoteCommand("chmod", "--", "-w", path))
        #expect(FileCommand.changeOwner(path, to: try Ownership(user: nil, group: "g")) == RemoteCommand("chown", "--", ":g", path))
        #expect(FileCommand.checksum(path, by: .sha512) == RemoteCommand("sha512sum", "--", path))
    }

    @Test("scripts are constants, and get paths and patterns as arguments")
    func scripts() throws {
        let source = try AbsolutePath(normalising: path.bytes + Array("/s".utf8))
        let entry = ["ls", "-l", "--quoting-style=c", "--time-style=+%Y-%m-%dT%H:%M:%S", "--block-size=1", "-d", "--"]
        #expect(
            CopyScript.copy(source, to: path, dereferences: true, limit: 5)
                == RemoteCommand("sh", "-c", CopyScript.copyText, "cp", source, path, "s", "5", "yes").appending(contentsOf: entry))
        #expect(
            CopyScript.move(source, to: path, limit: 5)
                == RemoteCommand("sh", "-c", CopyScript.moveText, "mv", source, path, "s", "5").appending(contentsOf: entry))
        let request = ArchiveRequest(source: source, archive: path, matchPattern: "-delete", dereferences: false, compression: .none)
        #expect(
            ArchiveCommand.compress(request, limit: 5, word: "w")
                == RemoteCommand("sh", "-c", CompressScript.text, "compress", path, "s", path, path.parent, "w", "", "5", "", "-delete"))
        #expect(
            ArchiveCommand.extract(source, into: path, compression: .xz, limit: 5, word: "w")
                == RemoteCommand("sh", "-c", ExtractScript.text, "extract", source, path, "w", "xz", "5", "50"))
        #expect(
            ArchiveCommand.extract(source, into: path, compression: .gzip, limit: .max, word: "w")
                == RemoteCommand("sh", "-c", ExtractScript.text, "extract", source, path, "w", "gzip", "\(Int.max)", "\(Int.max - 1)"))
    }

    @Test("the scripts leave room in a command for the longest paths")
    func scriptLength() throws {
        let long = try AbsolutePath(normalising: "/" + String(repeating: "x", count: AbsolutePath.maximumLength - 1))
        let pattern = String(repeating: "x", count: AbsolutePath.maximumLength)
        let request = ArchiveRequest(source: long, archive: long, matchPattern: pattern)
        #expect(try ArchiveCommand.compress(request, limit: 5, word: "w").shellBytes().count < RemoteCommand.maximumLength)
        #expect(
            try ArchiveCommand.extract(long, into: long, compression: .xz, limit: 5, word: "w").shellBytes().count < RemoteCommand.maximumLength)
    }
}
