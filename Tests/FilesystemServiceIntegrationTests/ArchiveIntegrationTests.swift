import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Archives on a real system")
struct ArchiveIntegrationTests {
    private static func paths(_ fixture: FilesystemFixture, _ source: String, _ target: String, _ more: [String: JSONValue] = [:]) -> [String: JSONValue] {
        more.merging(["sourcePath": .string("\(fixture.directory)/\(source)"), "targetPath": .string("\(fixture.directory)/\(target)")]) { $1 }
    }

    private static func makeDirectory(_ fixture: FilesystemFixture, _ name: String) async throws {
        try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(fixture.directory)/\(name)"), "parent": true])
    }

    /// `d` with a file, a directory, a link and names that no text can hold.
    private static func makeTree(_ fixture: FilesystemFixture) async throws {
        try await makeDirectory(fixture, "d/sub")
        #expect(try await fixture.upload(Array("content of a".utf8), named: "a.txt", to: "\(fixture.directory)/d").status == .noContent)
        #expect(try await fixture.upload(Array("content of b".utf8), named: "b.dat", to: "\(fixture.directory)/d/sub").status == .noContent)
        try LocalFile.link("\(fixture.directory)/d/link", to: "sub/b.dat")
        for name in ["it's \"q\" \\n", "new\nline", "-C x", "$(touch pwned)", "e\"..", " "] { try LocalFile.make("\(fixture.directory)/d/\(name)") }
        try LocalFile.make(Array("\(fixture.directory)/d/".utf8) + [0xFF, 0x0A, 0x81, 0x88])
    }

    /// What is below a directory, links included, as JSON shows it.
    private static func tree(_ fixture: FilesystemFixture, _ name: String) async throws -> [String] {
        try await fixture.list("\(fixture.directory)/\(name)", ["recursive": "true", "showHidden": "true"])
            .map { "\($0.type) \($0.name) \($0.linkTarget ?? "") \($0.type == "d" ? "" : $0.size)" }
    }

    private static func extract(
        _ members: [TarArchive.Member], _ fixture: FilesystemFixture, expecting status: HTTPResponse.Status
    ) async throws -> String {
        #expect(try await fixture.upload(TarArchive(members).bytes, named: "archive.tar").status == .noContent)
        try await makeDirectory(fixture, "into")
        let json = paths(fixture, "archive.tar", "into", ["compression": "none"])
        return try await fixture.expect(status, .post, "extract", json: json).error?.message ?? ""
    }

    @Test("what was compressed comes back as it was, whatever its names", arguments: Compression.allCases)
    func roundTrip(compression: Compression) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            let more: [String: JSONValue] = ["compression": .string(compression.rawValue)]
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "it's new\n.tar", more))
            let type: String = try await fixture.expect(.ok, .get, "file", query: ["path": "\(fixture.directory)/it's new\n.tar"]).output()
            #expect(type.lowercased().contains(compression == .none ? "tar archive" : compression.rawValue))
            try await Self.makeDirectory(fixture, "into $(id)")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "it's new\n.tar", "into $(id)", more))
            #expect(try await Self.tree(fixture, "into $(id)/d") == Self.tree(fixture, "d"))
            #expect(try await fixture.download("\(fixture.directory)/into $(id)/d/sub/b.dat").text == "content of b")
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["d", "into $(id)", "it's new\n.tar"])
        }
    }

    @Test("a file alone can be compressed, gzip being what is not said")
    func file() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("x".utf8), named: "-f").status == .noContent)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "-f", "a.tgz"))
            try await Self.makeDirectory(fixture, "into")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "a.tgz", "into"))
            #expect(try await Self.tree(fixture, "into") == ["- -f  1"])
        }
    }

    @Test("links go in as what they lead to when that is asked for")
    func dereference() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "a.tgz", ["dereference": true]))
            try await Self.makeDirectory(fixture, "into")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "a.tgz", "into"))
            #expect(try await fixture.list("\(fixture.directory)/into/d").first { $0.name == "link" }?.type == "-")
            #expect(try await fixture.download("\(fixture.directory)/into/d/link").text == "content of b")
            try LocalFile.link("\(fixture.directory)/d/sub/loop", to: "..")
            let error = try await fixture.expect(.badRequest, .post, "compress", json: Self.paths(fixture, "d", "b.tgz", ["dereference": true])).error
            #expect(error?.message.contains("File system loop detected") == true)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "b.tgz"))
        }
    }

    @Test(
        "of the source only the files that match go in, with the compression that is asked for",
        arguments: [
            (".*\\.txt", ["- d/a.txt  12"]), ("\\./d/sub/.*", ["- d/sub/b.dat  12"]), (".*/\\(a\\|b\\)\\..*", ["- d/a.txt  12", "- d/sub/b.dat  12"]),
            (".*/new[^x]line", ["- d/new\nline  0"]), (".*/link", ["l d/link sub/b.dat 9"]),
        ])
    func pattern(pattern: String, files: [String]) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            #expect(try await fixture.upload([1], named: "beside.txt").status == .noContent)
            let json = Self.paths(fixture, "d", "a.tar", ["matchPattern": .string(pattern), "compression": "xz"])
            try await fixture.expect(.noContent, .post, "compress", json: json)
            try await Self.makeDirectory(fixture, "into")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "a.tar", "into", ["compression": "xz"]))
            #expect(try await Self.tree(fixture, "into").filter { !$0.hasPrefix("d ") } == files)
        }
    }

    @Test(
        "a pattern matches and does nothing else; one that matches nothing or is none is refused with the words",
        arguments: [
            ("nothing", "no file matches"), ("\\(", "Unmatched"), ("[", "regular expression"), ("-delete", "no file matches"), ("; id > pwned", "no file matches"),
            ("' -delete '", "no file matches"), ("$(touch pwned)x", "no file matches"),
        ])
    func badPattern(pattern: String, words: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            let before = try await Self.tree(fixture, "d")
            let json = Self.paths(fixture, "d", "a.tgz", ["match_pattern": .string(pattern)])
            let error = try await fixture.expect(.badRequest, .post, "compress", json: json).error
            #expect(error?.message.contains(words) == true)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["d"])
            #expect(try await Self.tree(fixture, "d") == before)
        }
    }

    @Test("an archive inside its source doesn't hold itself, neither the first nor the second time")
    func itself() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            let before = try await Self.tree(fixture, "d")
            for _ in 0..<2 { try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "d/a.tgz")) }
            try await Self.makeDirectory(fixture, "into")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "d/a.tgz", "into"))
            #expect(try await Self.tree(fixture, "into/d") == before)
            let error = try await fixture.expect(.badRequest, .post, "compress", json: Self.paths(fixture, "d/a.tgz", "d/a.tgz")).error
            #expect(error?.message.contains("nothing to put") == true)
            try await fixture.expect(.badRequest, .post, "compress", json: Self.paths(fixture, "d", "d"))
        }
    }

    @Test("an archive replaces another and keeps its mode; a link to one is written through")
    func replacing() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeTree(fixture)
            #expect(try await fixture.upload([1], named: "a.tgz").status == .noContent)
            try LocalFile.setMode("\(fixture.directory)/a.tgz", 0o640)
            try LocalFile.link("\(fixture.directory)/link", to: "a.tgz")
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "link"))
            #expect(try LocalFile.status("\(fixture.directory)/a.tgz").mode == 0o640)
            #expect(try await fixture.list().map { "\($0.type) \($0.name)" } == ["- a.tgz", "d d", "l link"])
            try await Self.makeDirectory(fixture, "into")
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "a.tgz", "into"))
        }
    }

    @Test("what fails leaves nothing behind and says why")
    func compressRefusals() async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            try await Self.makeTree(fixture)
            func message(_ status: HTTPResponse.Status, _ source: String, _ target: String) async throws -> String {
                try await fixture.expect(status, .post, "compress", json: Self.paths(fixture, source, target)).error?.message ?? ""
            }
            #expect(try await message(.notFound, "none", "a.tgz").contains("No such file or directory"))
            #expect(try await message(.notFound, "d", "none/a.tgz").contains("No such file or directory"))
            #expect(try await message(.badRequest, "d/a.txt/x", "a.tgz").contains("Not a directory"))
            try LocalFile.pipe("\(fixture.directory)/pipe")
            #expect(try await message(.badRequest, "d", "pipe").contains("Not a regular file"))
            try await fixture.expect(.ok, .put, "chmod", json: ["path": .string("\(fixture.directory)/d/a.txt"), "mode": "0"])
            #expect(try await message(.forbidden, "d", "a.tgz").contains("Permission denied"))
            try await fixture.expect(.ok, .put, "chmod", json: ["path": .string("\(fixture.directory)/d/sub"), "mode": "0"])
            #expect(try await message(.forbidden, "d", "a.tgz").contains("Permission denied"))
            try await fixture.expect(.ok, .put, "chmod", json: ["path": .string("\(fixture.directory)/d/sub"), "mode": "700"])
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["d", "pipe"])
        }
    }

    @Test("the sizes of what is compressed and of the archive are bounded, exactly")
    func limits() async throws {
        try await FilesystemFixture.with(limit: 20_000) { fixture async throws in
            try await Self.makeDirectory(fixture, "d")
            try await Self.makeDirectory(fixture, "into")
            for name in ["x", "y"] {
                #expect(try await fixture.upload([UInt8](repeating: 1, count: 10_000), named: name, to: "\(fixture.directory)/d").status == .noContent)
            }
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "a.tgz"))
            try await fixture.expect(.noContent, .post, "extract", json: Self.paths(fixture, "a.tgz", "into"))
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "a.tar", ["compression": "none"]))
            let large = try await fixture.expect(.requestTimeout, .post, "extract", json: Self.paths(fixture, "a.tar", "into", ["compression": "none"]))
            #expect(large.error?.message.contains("exit status:124") == true)
            #expect(large.error?.message.contains("transfer/extract") == true)
            try LocalFile.append("\(fixture.directory)/d/x", [1])
            let error = try await fixture.expect(.requestTimeout, .post, "compress", json: Self.paths(fixture, "d", "b.tgz")).error
            #expect(error?.message.contains("transfer/compress") == true)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "b.tgz", ["matchPattern": ".*y"]))
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["a.tar", "a.tgz", "b.tgz", "d", "into"])
        }
    }

    @Test("a small archive of something huge is not unpacked", arguments: [Compression.gzip, .bzip2, .xz])
    func bomb(compression: Compression) async throws {
        try await FilesystemFixture.with { wide async throws in
            #expect(try await wide.upload([UInt8](repeating: 0, count: 5_000_000), named: "zeros").status == .noContent)
            let more: [String: JSONValue] = ["compression": .string(compression.rawValue)]
            try await wide.expect(.noContent, .post, "compress", json: Self.paths(wide, "zeros", "bomb", more))
            try await FilesystemFixture.with(limit: 10_000) { fixture async throws in
                let json = more.merging(["path": .string("\(wide.directory)/bomb"), "targetPath": .string(fixture.directory)]) { $1 }
                try await fixture.expect(.requestTimeout, .post, "extract", json: json)
                #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
            }
        }
    }

    @Test("so many empty files that they are too much are not unpacked")
    func manyMembers() async throws {
        try await FilesystemFixture.with(limit: 60_000) { fixture async throws in
            let members = (0..<110).map { TarArchive.Member(name: "f\($0)") }
            #expect(try await Self.extract(members, fixture, expecting: .noContent) == "")
        }
        try await FilesystemFixture.with { wide async throws in
            #expect(try await wide.upload(TarArchive((0..<2000).map { .init(name: "f\($0)") }).bytes, named: "many.tar").status == .noContent)
            try await Self.makeDirectory(wide, "once")
            try await wide.expect(.noContent, .post, "extract", json: Self.paths(wide, "many.tar", "once", ["compression": "none"]))
            try await wide.expect(.noContent, .post, "compress", json: Self.paths(wide, "once", "many.tgz"))
            try await FilesystemFixture.with(limit: 60_000) { fixture async throws in
                let json = ["path": JSONValue.string("\(wide.directory)/many.tgz"), "targetPath": .string(fixture.directory)]
                try await fixture.expect(.requestTimeout, .post, "extract", json: json)
                #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
            }
        }
    }

    @Test(
        "an archive that reaches out of its target, or holds devices, is refused before anything is unpacked",
        arguments: [
            TarArchive.Member(name: "/tmp/goldcrest-evil", content: "x"), .init(name: "../evil", content: "x"), .init(name: "a/../../evil", content: "x"),
            .init(name: "..", kind: .directory), .init(name: "a\"/../../evil", content: "x"), .init(name: "h", kind: .hardLink, target: "/etc/passwd"),
            .init(name: "h", kind: .hardLink, target: "../canary"), .init(name: "x -> y/../../evil", kind: .symbolicLink, target: "z"),
            .init(name: "null", kind: .characterDevice),
        ])
    func leadingOut(member: TarArchive.Member) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let words = try await Self.extract([.init(name: "first", content: "1"), member], fixture, expecting: .badRequest)
            #expect(words.contains("unpacked") || words.contains("nothing is"))
            #expect(try await Self.tree(fixture, "into").isEmpty)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["archive.tar", "into"])
            #expect(try await fixture.call(.get, "stat", query: ["path": "\(fixture.directory)/evil"]).status == .notFound)
        }
    }

    @Test("members behind a link, symbolic or hard, do not go where it leads", arguments: ["absolute", "../out", "a/l/../out"])
    func behindLink(kind: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeDirectory(fixture, "out")
            let target = kind == "absolute" ? "\(fixture.directory)/out" : kind
            let members: [TarArchive.Member] = [
                .init(name: "a", kind: .directory, mode: 0o755), .init(name: "a/l", kind: .symbolicLink, target: ".."),
                .init(name: "l", kind: .symbolicLink, target: target), .init(name: "l/x", content: "x"),
            ]
            #expect(try await Self.extract(members, fixture, expecting: .badRequest).contains("Not a directory"))
            #expect(try await fixture.list("\(fixture.directory)/out").isEmpty)
        }
    }

    @Test("a hard link to a symbolic link doesn't write through it")
    func hardLinkToLink() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("canary".utf8), named: "canary").status == .noContent)
            let members: [TarArchive.Member] = [
                .init(name: "l", kind: .symbolicLink, target: "\(fixture.directory)/canary"), .init(name: "h", kind: .hardLink, target: "l"),
                .init(name: "h", content: "evil"), .init(name: "l", content: "evil"),
            ]
            _ = try await Self.extract(members, fixture, expecting: .noContent)
            #expect(try await fixture.download("\(fixture.directory)/canary").text == "canary")
        }
    }

    @Test("what is unpacked is the user's own, without the bits that give away rights, and directories that were there keep theirs")
    func attributes() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeDirectory(fixture, "into")
            try LocalFile.setMode("\(fixture.directory)/into", 0o700)
            let members: [TarArchive.Member] = [
                .init(name: "./", kind: .directory, mode: 0o777), .init(name: "./setuid", content: "x", mode: 0o6755),
                .init(name: "inner", content: "inner"), .init(name: "same", kind: .hardLink, target: "inner"), .init(name: "l", kind: .symbolicLink, target: "inner"),
                .init(name: "pipe", kind: .pipe), .init(name: "..a", content: "1"), .init(name: "b..", content: "1"),
            ]
            _ = try await Self.extract(members, fixture, expecting: .noContent)
            #expect(try LocalFile.status("\(fixture.directory)/into").mode == 0o700)
            #expect(try LocalFile.status("\(fixture.directory)/into/setuid").mode & 0o7000 == 0)
            let entries = try await fixture.list("\(fixture.directory)/into")
            #expect(entries.map { "\($0.type) \($0.name)" } == ["- b..", "- inner", "l l", "p pipe", "- same", "- setuid"])
            #expect(entries.allSatisfy { $0.user == fixture.user })
        }
    }

    @Test("what is no archive, not of this compression, or broken is refused with the words", arguments: Compression.allCases)
    func noArchive(compression: Compression) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeDirectory(fixture, "into")
            for content in [Array("no archive".utf8), [], [0x1F, 0x8B, 0x08, 0x00], Array("BZh9".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]] as [[UInt8]] {
                #expect(try await fixture.upload(content, named: "x").status == .noContent)
                let json = Self.paths(fixture, "x", "into", ["compression": .string(compression.rawValue)])
                let error = try await fixture.expect(.badRequest, .post, "extract", json: json).error
                #expect(error?.message.contains(compression == .none ? "tar: " : compression.rawValue) == true)
            }
            #expect(try await Self.tree(fixture, "into").isEmpty)
        }
    }

    @Test("extract says what is missing, no directory, or not the user's to read or write")
    func extractRefusals() async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            try await Self.makeTree(fixture)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "d", "a.tgz"))
            func message(_ status: HTTPResponse.Status, _ source: String, _ target: String) async throws -> String {
                try await fixture.expect(status, .post, "extract", json: Self.paths(fixture, source, target)).error?.message ?? ""
            }
            #expect(try await message(.notFound, "none", "d").contains("No such file or directory"))
            #expect(try await message(.notFound, "a.tgz", "none").contains("No such file or directory"))
            #expect(try await message(.badRequest, "a.tgz", "d/a.txt").contains("Not a directory"))
            #expect(try await message(.badRequest, "d", "d").contains("Is a directory"))
            try LocalFile.pipe("\(fixture.directory)/pipe")
            #expect(try await message(.badRequest, "pipe", "d").contains("Not a regular file"))
            try await Self.makeDirectory(fixture, "locked")
            try await fixture.expect(.ok, .put, "chmod", json: ["path": .string("\(fixture.directory)/locked"), "mode": "500"])
            #expect(try await message(.forbidden, "a.tgz", "locked").contains("Permission denied"))
            try await fixture.expect(.ok, .put, "chmod", json: ["path": .string("\(fixture.directory)/a.tgz"), "mode": "0"])
            #expect(try await message(.forbidden, "a.tgz", "d").contains("Permission denied"))
            #expect(try await Self.tree(fixture, "locked").isEmpty)
        }
    }

    @Test("bodies are read strictly")
    func strictBodies() async throws {
        try await FilesystemFixture.with { fixture async throws in
            func fields(_ operation: String, _ more: [String: JSONValue]) async throws -> [String] {
                let error = try await fixture.expect(.badRequest, .post, operation, json: Self.paths(fixture, "d", "a", more)).error
                #expect(error?.errorType == .validation)
                return error?.data?.fields.map(\.name) ?? []
            }
            #expect(try await fields("compress", ["compression": "zip"]) == ["compression"])
            #expect(try await fields("compress", ["dereference": "true"]) == ["dereference"])
            #expect(try await fields("compress", ["matchPattern": 7]) == ["matchPattern"])
            #expect(try await fields("compress", ["matchPattern": "a\0b"]) == ["matchPattern"])
            #expect(try await fields("extract", ["compression": 1]) == ["compression"])
            #expect(try await fields("cp", ["dereference": 1]) == ["dereference"])
        }
    }

    @Test("work that takes longer than its time is ended and leaves nothing behind")
    func timeout() async throws {
        try await FilesystemFixture.with(limit: 60_000) { fixture async throws in
            try await Self.makeDirectory(fixture, "many")
            for index in 0..<3000 { try LocalFile.make("\(fixture.directory)/many/file \(index)") }
            try await FilesystemFixture.with(limit: 60_000, commandTime: .milliseconds(40)) { hasty async throws in
                let json = Self.paths(fixture, "many", "a.tar")
                try await hasty.expect(.requestTimeout, .post, "compress", json: json)
            }
            try await eventually("its parts are gone") { try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["many"] }
        }
    }

    @Test("a client that goes away leaves no part of an archive, and the archive that was there or a whole new one")
    func disconnected() async throws {
        try await FilesystemFixture.with { fixture async throws in
            var generator = SystemRandomNumberGenerator()
            let content = (0..<2_000_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            #expect(try await fixture.upload(content, named: "x").status == .noContent)
            try await fixture.expect(.noContent, .post, "compress", json: Self.paths(fixture, "x", "a", ["compression": "none"]))
            func hidden() async throws -> [String] {
                try await fixture.list(nil, ["showHidden": "true"]).map(\.name).filter { $0.hasPrefix(".") }
            }
            let sending = Task {
                try await fixture.call(.post, "compress", json: Self.paths(fixture, "x", "a", ["compression": "xz"]))
            }
            try await eventually("the archive is on its way") { try await !hidden().isEmpty }
            sending.cancel()
            _ = await sending.result
            // What compresses may go on to its end, which takes a busy machine a while.
            try await eventually(within: .seconds(120), "its parts are gone") { try await hidden().isEmpty }
            let type: String = try await fixture.expect(.ok, .get, "file", query: ["path": "\(fixture.directory)/a"]).output()
            #expect(type.contains("tar archive") || type.contains("XZ"))
        }
    }
}
