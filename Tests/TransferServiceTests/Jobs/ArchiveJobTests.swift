import Foundation
import GoldcrestProtocol
import Testing

@testable import TransferService

@Suite("The jobs that make and unpack archives")
struct ArchiveJobTests {
    static let names = TransferJobScriptTests.names

    private func run(_ transfer: FileTransfer) async throws -> RunningJob.Result {
        try await RunningJob.run(transfer.work)
    }

    private func listing(_ archive: AbsolutePath, in folder: Folder) throws -> Set<String> {
        let run = try folder.run("tar --list --file='\(archive)'")
        return Set(run.output.split(separator: "\n").map(String.init))
    }

    @Test("a directory with any name comes out of its archive as it was", arguments: names)
    func hostileNames(name: String) async throws {
        try await Folder.with { folder in
            try folder.makeDirectory(name)
            try folder.write("x".utf8, to: "\(name)/\(name)")
            try folder.makeDirectory("out\(name)")
            let archive = try folder.path("\(name).tar")
            let compress = try await run(.compress(ArchiveOrder(source: try folder.path(name), target: archive)))
            #expect(compress.status == 0 && compress.output == "Files were successfully compressed.\n" && compress.errors.isEmpty, "\(compress.errors)")
            let extract = try await run(.extract(source: archive, target: try folder.path("out\(name)"), compression: .gzip))
            #expect(extract.status == 0 && extract.output == "Files were successfully extracted.\n" && extract.errors.isEmpty, "\(extract.errors)")
            #expect(try folder.content(of: "out\(name)/\(name)/\(name)") == Array("x".utf8))
            #expect(Set(try folder.names()) == [name, "\(name).tar", "out\(name)"])
        }
    }

    @Test("each compression makes what its program makes, and its archives are unpacked again", arguments: Compression.allCases)
    func compressions(compression: Compression) async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d")
            // Longer than the pipes' buffers, and with an end that tar need not read.
            let content = [UInt8](repeating: 7, count: 3 << 20)
            try folder.write(content, to: "d/f")
            try folder.makeDirectory("out")
            let archive = try folder.path("archive")
            #expect(try await run(.compress(ArchiveOrder(source: try folder.path("d"), target: archive, compression: compression))).status == 0)
            let beginning: [UInt8] =
                switch compression {
                case .none: Array("d/".utf8)
                case .gzip: [0x1F, 0x8B]
                case .bzip2: Array("BZh".utf8)
                case .xz: [0xFD] + Array("7zXZ".utf8)
                }
            #expect(try folder.content(of: "archive").starts(with: beginning))
            #expect(try await run(.extract(source: archive, target: try folder.path("out"), compression: compression)).status == 0)
            #expect(try folder.content(of: "out/d/f") == content)
        }
    }

    @Test("only files that match the pattern are put in, and only where they are looked for")
    func pattern() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d/sub")
            for name in ["outside.txt", "d/a.txt", "d/b.dat", "d/sub/c.txt"] { try folder.write("x".utf8, to: name) }
            let archive = try folder.path("archive")
            let order = ArchiveOrder(source: try folder.path("d"), target: archive, matchPattern: #".*\.txt"#)
            #expect(try await run(.compress(order)).status == 0)
            #expect(try listing(archive, in: folder) == ["d/a.txt", "d/sub/c.txt"])
        }
    }

    @Test("nothing to put in, a broken pattern, or no source leave the old archive alone and nothing else behind")
    func failures() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d")
            try folder.write("x".utf8, to: "d/f")
            try folder.write("old".utf8, to: "archive")
            let archive = try folder.path("archive"), source = try folder.path("d")
            for order in [
                ArchiveOrder(source: source, target: archive, matchPattern: "nothing"),
                ArchiveOrder(source: source, target: archive, matchPattern: #"\("#),
                ArchiveOrder(source: try folder.path("no"), target: archive),
                ArchiveOrder(source: source, target: source),
                ArchiveOrder(source: source, target: try folder.path("no/archive")),
            ] {
                let result = try await run(.compress(order))
                #expect(result.status != 0 && result.output.isEmpty && !result.errors.isEmpty)
                #expect(try folder.content(of: "archive") == Array("old".utf8))
                #expect(Set(try folder.names()) == ["d", "archive"])
            }
        }
    }

    @Test("a link is put in as a link, or as what it leads to")
    func dereference() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d")
            try folder.write("x".utf8, to: "file")
            try FileManager.default.createSymbolicLink(atPath: folder.path("d/link").string, withDestinationPath: "../file")
            let archive = try folder.path("archive")
            for dereference in [true, false] {
                let order = ArchiveOrder(source: try folder.path("d"), target: archive, compression: .none, dereference: dereference)
                #expect(try await run(.compress(order)).status == 0)
                let kinds = try folder.run("tar --list --verbose --file='\(archive)'").output.split(separator: "\n").compactMap(\.first)
                #expect(kinds == ["d", dereference ? "-" : "l"])
            }
        }
    }

    @Test("an archive inside of what is put in is not put in, and keeps its mode")
    func archiveInside() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d")
            try folder.write("x".utf8, to: "d/f")
            try folder.write("old".utf8, to: "d/archive", mode: 0o640)
            let archive = try folder.path("d/archive")
            #expect(try await run(.compress(ArchiveOrder(source: try folder.path("d"), target: archive))).status == 0)
            #expect(try listing(archive, in: folder) == ["d/", "d/f"])
            #expect(try folder.mode(of: "d/archive") == 0o640)
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("d").string)) == ["f", "archive"])
        }
    }

    @Test("a cancelled compression leaves nothing behind")
    func cancelled() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("d")
            let file = try folder.path("d/f").string
            #expect(try folder.run("truncate --size=64G '\(file)'").status == 0)
            let job = try RunningJob(FileTransfer.compress(ArchiveOrder(source: try folder.path("d"), target: try folder.path("archive"))).work)
            let deadline = ContinuousClock.now + .seconds(30)
            while try folder.names().count < 3 {
                guard ContinuousClock.now < deadline else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            kill(job.processID, SIGTERM)
            let result = try await job.end(within: .seconds(30))
            #expect(result.status == 143)
            #expect(try folder.names() == ["d"])
        }
    }

    @Test(
        "an archive that reaches out of the directory is refused before anything is unpacked",
        arguments: [
            "--transform='s,^f$,../f,'", "--absolute-names --transform='s,^f$,/tmp/goldcrest-f,'", "--transform='s,^f$,a/../../f,'",
        ])
    func reachingOut(options: String) async throws {
        try await Folder.with { folder in
            for name in ["first", "f"] { try folder.write("x".utf8, to: name) }
            try folder.makeDirectory("out")
            #expect(try folder.run("tar --create --file=archive \(options) first f").status == 0)
            let result = try await run(.extract(source: try folder.path("archive"), target: try folder.path("out"), compression: .none))
            #expect(result.status != 0 && result.output.isEmpty)
            #expect(result.errors.contains("leads out of the directory"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out").string).isEmpty)
        }
    }

    @Test("nothing is written through a link that an archive brings along")
    func throughLink() async throws {
        try await Folder.with { folder in
            try folder.makeDirectory("victim")
            try folder.makeDirectory("out")
            try folder.makeDirectory("links")
            try FileManager.default.createSymbolicLink(atPath: folder.path("links/d").string, withDestinationPath: folder.path("victim").string)
            try folder.makeDirectory("files/d")
            try folder.write("x".utf8, to: "files/d/f")
            #expect(try folder.run("tar --create --file=archive -C links d && tar --append --file=archive -C files d/f").status == 0)
            _ = try await run(.extract(source: try folder.path("archive"), target: try folder.path("out"), compression: .none))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("victim").string).isEmpty)
        }
    }

    @Test("what is no archive, not there or no directory fails with the reason")
    func noArchive() async throws {
        try await Folder.with { folder in
            try folder.write("no archive".utf8, to: "f")
            try folder.makeDirectory("out")
            let file = try folder.path("f"), out = try folder.path("out")
            for (transfer, words) in [
                (FileTransfer.extract(source: file, target: out, compression: .gzip), "not in gzip format"),
                (.extract(source: file, target: out, compression: .none), "tar"),
                (.extract(source: try folder.path("no"), target: out, compression: .gzip), "No such file or directory"),
                (.extract(source: file, target: try folder.path("no"), compression: .gzip), "No such file or directory"),
                (.extract(source: file, target: file, compression: .gzip), "Not a directory"),
                (.extract(source: out, target: out, compression: .gzip), "Is a directory"),
            ] {
                let result = try await run(transfer)
                #expect(result.status != 0 && result.output.isEmpty)
                #expect(result.errors.contains(words), "\(result.errors)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: out.string).isEmpty)
        }
    }
}
