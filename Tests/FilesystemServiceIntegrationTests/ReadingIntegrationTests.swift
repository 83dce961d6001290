import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Reading files on a real system")
struct ReadingIntegrationTests {
    private static let lines = (1...25).map { "line \($0)\n" }

    private func content(_ fixture: FilesystemFixture, _ operation: String, _ query: [String: String]) async throws -> FileContent {
        try await fixture.expect(.ok, .get, operation, query: query.merging(["path": "\(fixture.directory)/x"]) { _, path in path }).output()
    }

    @Test("head and tail show the lines that were asked for")
    func headAndTail() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array(Self.lines.joined().utf8), named: "x").status == .noContent)
            func lines(_ range: Range<Int>) -> String { Self.lines[range].joined() }

            #expect(try await content(fixture, "head", [:]).content == lines(0..<10))
            #expect(try await content(fixture, "head", ["lines": "3"]).content == lines(0..<3))
            #expect(try await content(fixture, "head", ["lines": "3", "skipTrailing": "true"]).content == lines(0..<22))
            #expect(try await content(fixture, "tail", [:]).content == lines(15..<25))
            #expect(try await content(fixture, "tail", ["lines": "3"]).content == lines(22..<25))
            #expect(try await content(fixture, "tail", ["lines": "3", "skipHeading": "true"]).content == lines(3..<25))
            #expect(try await content(fixture, "head", ["bytes": "4"]).content == "line")
            #expect(try await content(fixture, "tail", ["bytes": "3"]).content == "25\n")
            #expect(try await content(fixture, "tail", ["bytes": "0"]).content == "")
            #expect(try await content(fixture, "head", ["lines": "0"]).content == "")
            #expect(
                try await content(fixture, "tail", ["bytes": "3"])
                    == FileContent(content: "25\n", contentType: .bytes, startPosition: -3, endPosition: -1))
        }
    }

    @Test("view cuts by bytes, and content that is no UTF-8 is replaced")
    func view() async throws {
        try await FilesystemFixture.with(limit: 1000) { fixture async throws in
            let path = "\(fixture.directory)/x"
            #expect(try await fixture.upload(Array("aé".utf8) + [0xFF, 0x62], named: "x").status == .noContent)
            func view(_ query: [String: String]) async throws -> String {
                try await fixture.expect(.ok, .get, "view", query: query.merging(["path": path]) { _, path in path }).output()
            }
            #expect(try await view([:]) == "aé\u{FFFD}b")
            #expect(try await view(["offset": "1", "size": "2"]) == "é")
            #expect(try await view(["offset": "2", "size": "1"]) == "\u{FFFD}")
            #expect(try await view(["offset": "100"]) == "")
            for query in [["size": "0"], ["size": "-1"], ["size": "1001"], ["offset": "-1"], ["size": "x"], ["size": ""]] {
                let error = try await fixture.expect(.badRequest, .get, "view", query: query.merging(["path": path]) { _, path in path }).error
                #expect(error?.errorType == .validation, "\(query)")
            }
        }
    }

    @Test("contradictory counts are refused", arguments: [
        ["lines": "0", "bytes": "5"], ["lines": "-1", "skipTrailing": "true", "skipHeading": "true"], ["lines": "1.5"], ["bytes": "x"],
    ])
    func badCounts(query: [String: String]) async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.make("\(fixture.directory)/x")
            let query = query.merging(["path": "\(fixture.directory)/x"]) { _, path in path }
            try await fixture.expect(.badRequest, .get, "head", query: query)
            try await fixture.expect(.badRequest, .get, "tail", query: query)
        }
    }

    @Test("a directory cannot be read", arguments: ["head", "tail", "view", "checksum", "download"])
    func directory(operation: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let error = try await fixture.expect(.badRequest, .get, operation, query: ["path": fixture.directory]).error
            #expect(error?.message.contains("Is a directory") == true)
        }
    }

    @Test("what isn't there is a 404 with the command's words", arguments: ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"])
    func missing(operation: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let error = try await fixture.expect(.notFound, .get, operation, query: ["path": "\(fixture.directory)/no such"]).error
            #expect(error?.message.contains("No such file or directory") == true)
            #expect(error?.message.hasPrefix("Remote process failed with exit status:") == true)
            if operation == "stat" { #expect(error?.message.contains("cannot statx") == true) }
        }
    }

    @Test("a user does not reach another one's files", arguments: ["ls", "head", "tail", "view", "checksum", "file", "download"])
    func otherUser(operation: String) async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            let path = "\(fixture.directory)/private"
            if operation == "ls" {
                try await fixture.expect(.created, .post, "mkdir", json: ["path": .string(path)])
            } else {
                #expect(try await fixture.upload([1, 2, 3], named: "private").status == .noContent)
            }
            // With one account for both users, as on a stack without root, the owner is locked out as well.
            try LocalFile.setMode(path, fixture.user == fixture.otherUser ? 0o000 : 0o700)
            try await fixture.expect(.forbidden, .get, operation, query: ["path": path], as: fixture.otherUser)
            if fixture.user == fixture.otherUser { try LocalFile.setMode(path, 0o700) }
        }
    }

    @Test("stat shows a link, or what it leads to")
    func stat() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1, 2, 3], named: "x").status == .noContent)
            try LocalFile.link("\(fixture.directory)/l", to: "x")
            let link: FileStat = try await fixture.expect(.ok, .get, "stat", query: ["path": "\(fixture.directory)/l"]).output()
            #expect(link.kind == .symbolicLink)
            let file: FileStat = try await fixture.expect(.ok, .get, "stat", query: ["path": "\(fixture.directory)/l", "dereference": "on"]).output()
            #expect(file.size == 3 && file.kind == .regular)
        }
    }

    @Test("a loop of links and a file taken for a directory are the caller's mistakes")
    func wrongKinds() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.link("\(fixture.directory)/loop", to: "loop")
            try LocalFile.make("\(fixture.directory)/x")
            try await fixture.expect(.badRequest, .get, "head", query: ["path": "\(fixture.directory)/loop"])
            try await fixture.expect(.badRequest, .get, "stat", query: ["path": "\(fixture.directory)/x/y"])
            try await fixture.expect(.badRequest, .get, "stat", query: ["path": "\(fixture.directory)/\(String(repeating: "a", count: 256))"])
        }
    }

    @Test("file and checksum tell what the content is")
    func contentType() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("hello\n".utf8), named: "new\nline").status == .noContent)
            let path = "\(fixture.directory)/new\nline"
            #expect(try await fixture.expect(.ok, .get, "file", query: ["path": path]).output(String.self) == "ASCII text")
            let checksum: FileChecksum = try await fixture.expect(.ok, .get, "checksum", query: ["path": path]).output()
            #expect(checksum == FileChecksum(checksum: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"))
            for (algorithm, start) in [("SHA224", "2d6d67d91d0badcdd06cbbba"), ("SHA256", "5891b5b5"), ("SHA384", "1d0f284e"), ("SHA512", "e7c22b99")] {
                let checksum: FileChecksum = try await fixture.expect(.ok, .get, "checksum", query: ["path": path, "algorithm": algorithm]).output()
                #expect(checksum.algorithm == algorithm)
                #expect(checksum.checksum.hasPrefix(start))
            }
            let wrong = try await fixture.expect(.badRequest, .get, "checksum", query: ["path": path, "algorithm": "MD5"])
            #expect(wrong.error?.data?.fields.map(\.name) == ["algorithm"])
        }
    }

    @Test("a command that hangs is ended and reported as a timeout")
    func hanging() async throws {
        try await FilesystemFixture.with(commandTime: .milliseconds(700)) { fixture async throws in
            try LocalFile.pipe("\(fixture.directory)/pipe")
            let error = try await fixture.expect(.requestTimeout, .get, "head", query: ["path": "\(fixture.directory)/pipe"]).error
            #expect(error?.message.contains("exit status:124") == true)
        }
    }

    @Test("output over the limit is refused")
    func tooMuch() async throws {
        try await FilesystemFixture.with(limit: 2000, access: .exec) { fixture async throws in
            for number in 0..<60 { try LocalFile.make("\(fixture.directory)/a file with a name that takes room \(number)") }
            try await fixture.expect(.contentTooLarge, .get, "ls", query: ["path": fixture.directory])
        }
    }
}
