import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Listings on a real system")
struct ListingIntegrationTests {
    private static let names = [
        " leading and trailing ", "'single'", "\"double\"", "$(touch pwned)", "`id`", "a;b&c|d", "new\nline", "tab\there", "back\\slash",
        "-rf", "--help", "*", "ünï-日本", "a -> b", "\u{1}\u{7F}", String(repeating: "x", count: 255), "total 12", "~", "#x", "%41",
    ]

    @Test("every name that a file may have comes through")
    func hostileNames() async throws {
        try await FilesystemFixture.with { fixture async throws in
            for name in Self.names { try LocalFile.make("\(fixture.directory)/\(name)") }
            let entries = try await fixture.list()
            let byBytes = Self.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(entries.map(\.name) == byBytes)
            #expect(entries.allSatisfy { $0.type == "-" && $0.size == "0" && $0.permissions.hasPrefix("rw-r--r--") })
        }
    }

    @Test("each of those names can be asked for by itself", arguments: names)
    func hostilePaths(name: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = "\(fixture.directory)/\(name)"
            try LocalFile.make(path)
            #expect(try await fixture.list(path).map(\.name) == [path])
            let stat: FileStat = try await fixture.expect(.ok, .get, "stat", query: ["path": path]).output()
            #expect(stat.kind == .regular)
            let head: FileContent = try await fixture.expect(.ok, .get, "head", query: ["path": path]).output()
            #expect(head.content.isEmpty)
            let checksum: FileChecksum = try await fixture.expect(.ok, .get, "checksum", query: ["path": path]).output()
            #expect(checksum.checksum == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            #expect(try await fixture.expect(.ok, .get, "view", query: ["path": path]).output(String.self) == "")
            #expect(try await fixture.expect(.ok, .get, "file", query: ["path": path]).output(String.self) == "empty")
            #expect(try await fixture.download(path).bytes.isEmpty)
            #expect(try await fixture.list().count == 1, "no shell made another file")
        }
    }

    @Test("bytes that are no UTF-8 are shown as replacement characters")
    func notUTF8() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.make(Array("\(fixture.directory)/".utf8) + [0x61, 0xFF, 0x62])
            #expect(try await fixture.list().map(\.name) == ["a\u{FFFD}b"])
        }
    }

    @Test("hidden names are shown on request, without . and ..")
    func hidden() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.make("\(fixture.directory)/.hidden")
            #expect(try await fixture.list().isEmpty)
            #expect(try await fixture.list(nil, ["showHidden": "yes"]).map(\.name) == [".hidden"])
        }
    }

    @Test("a recursive listing names everything relative to its root")
    func recursive() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(fixture.directory)/a b/c\nd"), "parent": .bool(true)])
            try LocalFile.make("\(fixture.directory)/a b/c\nd/leaf")
            #expect(try await fixture.list(nil, ["recursive": "1"]).map(\.name) == ["a b", "a b/c\nd", "a b/c\nd/leaf"])
        }
    }

    @Test("links show their targets, or what they lead to; one that leads nowhere is no error")
    func links() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let directory = fixture.directory
            try await fixture.expect(.created, .post, "mkdir", json: ["source_path": .string("\(directory)/sub")])
            try LocalFile.make("\(directory)/sub/leaf")
            try LocalFile.link("\(directory)/dangling", to: "no \"where\"")
            try LocalFile.link("\(directory)/loop", to: "loop")
            try LocalFile.link("\(directory)/to-sub", to: "sub")
            let plain = try await fixture.list()
            #expect(plain.map(\.name) == ["dangling", "loop", "sub", "to-sub"])
            #expect(plain.map(\.linkTarget) == ["no \"where\"", "loop", nil, "sub"])
            let followed = try await fixture.list(nil, ["dereference": "true"])
            #expect(followed.map(\.type) == ["l", "l", "d", "d"])
            #expect(followed.map(\.linkTarget) == ["no \"where\"", "loop", nil, nil])
            // A link to a directory is itself, or the directory with a slash behind it.
            #expect(try await fixture.list("\(directory)/to-sub").map(\.name) == ["\(directory)/to-sub"])
            #expect(try await fixture.list("\(directory)/to-sub/").map(\.name) == ["leaf"])
            #expect(try await fixture.list("\(directory)/to-sub", ["dereference": "true"]).map(\.name) == ["leaf"])
        }
    }

    @Test("owners are shown by name or by number")
    func owners() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await fixture.expect(.created, .post, "mkdir", json: ["sourcePath": .string("\(fixture.directory)/d")])
            #expect(try await fixture.list().map(\.user) == [fixture.user])
            let owner = try LocalFile.status("\(fixture.directory)/d").owner
            #expect(try await fixture.list(nil, ["numericUid": "true"]).map(\.user) == [String(owner)])
        }
    }

    @Test("a pipe is listed and never waited for")
    func pipe() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.pipe("\(fixture.directory)/pipe")
            let entry = try #require(try await fixture.list().first)
            #expect(entry.type == "p")
            #expect(entry.lastModified.count == "2026-01-01T00:00:00".count)
            try await fixture.expect(.badRequest, .get, "download", query: ["path": "\(fixture.directory)/pipe"])
        }
    }

    @Test("the modes of files are those of ls")
    func modes() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.make("\(fixture.directory)/x")
            try LocalFile.setMode("\(fixture.directory)/x", 0o4751)
            #expect(try await fixture.list().first?.permissions == "rwsr-x--x")
        }
    }
}
