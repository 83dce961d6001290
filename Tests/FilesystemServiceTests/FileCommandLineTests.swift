import GoldcrestProtocol
import Testing

@testable import FilesystemService

@Suite("Command lines")
struct FileCommandLineTests {
    private let path: AbsolutePath

    init() throws {
        path = try AbsolutePath(normalising: "/data/a b;$(id)'\"\n")
    }

    @Test("each option of a listing is one option of ls")
    func listing() {
        let always = ["ls", "-l", "--quoting-style=c", "--time-style=+%Y-%m-%dT%H:%M:%S", "--block-size=1"]
        #expect(FileCommandLine.list("/d", ListingOptions()) == always + ["--", "/d"])
        #expect(
            FileCommandLine.list("/d/", ListingOptions(showsHidden: true, numericIDs: true, recursive: true, dereferences: true))
                == always + ["-A", "-n", "-R", "-L", "--", "/d/"])
        #expect(FileCommandLine.entry(path) == always + ["-d", "--", path.string])
    }

    @Test("a path is one argument, whatever it holds, and never an option")
    func paths() throws {
        let lines = [
            FileCommandLine.stat(path, dereferences: true), FileCommandLine.checksum(path), FileCommandLine.fileType(path),
            FileCommandLine.makeDirectory(path, withParents: true), FileCommandLine.remove(path), FileCommandLine.typeAndSize(path),
            FileCommandLine.content(path, limit: 1), FileCommandLine.entry(path),
        ]
        for line in lines { #expect(line.suffix(2) == ["--", path.string]) }
        #expect(FileCommandLine.view(path, offset: 0, size: 1).contains("if=\(path.string)"))
    }

    @Test("view skips and counts bytes")
    func view() {
        let line = FileCommandLine.view(path, offset: 7, size: 5)
        #expect(line.contains("skip=7") && line.contains("count=5") && line.contains("iflag=skip_bytes,count_bytes,fullblock"))
    }
}
