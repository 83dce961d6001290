import GoldcrestProtocol
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
            FileCommand.stat(path, dereferences: true), FileCommand.checksum(path), FileCommand.fileType(path),
            FileCommand.makeDirectory(path, withParents: true), FileCommand.remove(path), FileCommand.typeAndSize(path),
            FileCommand.content(path, limit: 1), FileCommand.entry(path),
        ]
        let end = try RemoteCommand("--", path).shellBytes()
        for command in commands { #expect(try command.shellBytes().suffix(end.count) == end[...]) }
    }

    @Test("view skips and counts bytes")
    func view() throws {
        let path = try AbsolutePath(normalising: "/d")
        #expect(
            try FileCommand.view(path, offset: 7, size: 5).shellText()
                == "dd 'if=/d' bs=64K 'iflag=skip_bytes,count_bytes,fullblock' 'skip=7' 'count=5' 'status=none'")
    }
}
