import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Listings by SFTP on a real system")
struct SFTPListingIntegrationTests {
    private static let options: [[String: String]] = [
        [:], ["showHidden": "true"], ["numericUid": "true"], ["recursive": "true"], ["dereference": "true"],
        ["recursive": "true", "showHidden": "true", "numericUid": "true"], ["recursive": "true", "dereference": "true"],
    ]

    /// Every kind of entry, and names whose order depends on what is compared.
    private static func fill(_ fixture: FilesystemFixture) async throws {
        let directory = fixture.directory
        for name in ["a", "a b", "a-b", "B/deep/er", "B/x", ".hidden/y", "new\nline", "ü"] {
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(directory)/\(name)"), "parent": .bool(true)])
        }
        for name in ["a/1", "a b/2", "a-b/3", "B/deep/er/4", ".hidden/5", "B/x.txt", "z", "Z", "-rf"] {
            #expect(try await fixture.upload(Array(name.utf8), named: String(name.split(separator: "/").last ?? ""), to: Self.parent(of: "\(directory)/\(name)")).status == .noContent)
        }
        try LocalFile.make(Array("\(directory)/".utf8) + [0x61, 0xFF])
        try LocalFile.pipe("\(directory)/pipe")
        try LocalFile.setMode("\(directory)/z", 0o6755)
        try LocalFile.setMode("\(directory)/Z", 0o1640)
        try LocalFile.link("\(directory)/to-file", to: "z")
        try LocalFile.link("\(directory)/to-directory", to: "B")
        try LocalFile.link("\(directory)/dangling", to: "no where")
        try LocalFile.link("\(directory)/loop", to: "loop")
    }

    private static func parent(of path: String) -> String {
        path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
    }

    @Test("they are what ls says", arguments: options)
    func sameAsCommands(options: [String: String]) async throws {
        try await FilesystemFixture.with(access: .sftp) { fixture async throws in
            try await Self.fill(fixture)
            let directory = fixture.directory
            let paths = ["", "/", "/to-directory", "/to-directory/", "/to-file", "/dangling", "/pipe", "/B/deep", "/missing", "/z/", "/loop"]
            var answers: [Answer] = []
            for path in paths { answers.append(try await fixture.call(.get, "ls", query: options.merging(["path": directory + path]) { $1 })) }
            let found = answers
            try await FilesystemFixture.with(access: .exec) { commands async throws in
                for (path, answer) in zip(paths, found) {
                    let expected = try await commands.call(.get, "ls", query: options.merging(["path": directory + path]) { $1 })
                    #expect(answer.status == expected.status, "\(path)")
                    #expect(try answer.decoded(JSONValue.self) == expected.decoded(JSONValue.self), "\(path)")
                }
            }
        }
    }

    @Test("they are not cut where the output of ls would be")
    func noOutputLimit() async throws {
        try await FilesystemFixture.with(limit: 2000, access: .sftp) { fixture async throws in
            for number in 0..<300 { try LocalFile.make("\(fixture.directory)/a file with a name that takes room \(number)") }
            let entries = try await fixture.list()
            #expect(entries.count == 300)
            #expect(entries.map(\.name) == entries.map(\.name).sorted())
        }
    }

    @Test("a directory that may be read but not entered is refused, as ls refuses it", arguments: [0o000, 0o400, 0o300])
    func locked(mode: UInt32) async throws {
        try await FilesystemFixture.with(access: .sftp) { fixture async throws in
            let locked = "\(fixture.directory)/locked"
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(locked)/x"), "parent": .bool(true)])
            try LocalFile.setMode(locked, mode)
            let answer = try await fixture.call(.get, "ls", query: ["path": locked])
            let below = try await fixture.call(.get, "ls", query: ["path": fixture.directory, "recursive": "true"])
            try LocalFile.setMode(locked, 0o700)
            #expect(answer.status == .forbidden)
            #expect(answer.error?.message.contains("Permission denied") == true)
            #expect(below.status == .forbidden)
        }
    }
}
