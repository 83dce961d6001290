import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import StackTesting
import Testing

@Suite("Copying and moving on a real system")
struct CopyingIntegrationTests {
    private static let hostileNames = ["it's", "say \"hi\"", "$(touch pwned)", "a;b", "new\nline", "-rf", "back\\slash\\n", "ünï", "*", "trailing\n"]

    private static func paths(_ fixture: FilesystemFixture, _ source: String, _ target: String, _ more: [String: JSONValue] = [:]) -> [String: JSONValue] {
        more.merging(["sourcePath": .string("\(fixture.directory)/\(source)"), "targetPath": .string("\(fixture.directory)/\(target)")]) { $1 }
    }

    private static func makeDirectory(_ fixture: FilesystemFixture, _ name: String) async throws {
        try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(fixture.directory)/\(name)"), "parent": true])
    }

    @Test("files are copied and moved under any name", arguments: hostileNames)
    func names(name: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("content".utf8), named: name).status == .noContent)
            let copy: FileEntry = try await fixture.expect(.created, .post, "cp", json: Self.paths(fixture, name, "\(name).copy")).output()
            #expect(copy.name == "\(fixture.directory)/\(name).copy")
            #expect(copy.size == "7")
            try await Self.makeDirectory(fixture, "d")
            let moved: FileEntry = try await fixture.expect(.created, .post, "mv", json: Self.paths(fixture, name, "d")).output()
            #expect(moved.name == "\(fixture.directory)/d/\(name)")
            #expect(try await fixture.list("\(fixture.directory)/d", ["showHidden": "true"]).map(\.name) == [name])
            #expect(try await Set(fixture.list(nil, ["showHidden": "true"]).map(\.name)) == ["d", "\(name).copy"])
            #expect(try await fixture.download("\(fixture.directory)/\(name).copy").text == "content")
        }
    }

    @Test("a directory is copied with all that is in it, links as links or as what they lead to")
    func directory() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try await Self.makeDirectory(fixture, "d/deep")
            #expect(try await fixture.upload(Array("abc".utf8), named: "x", to: "\(fixture.directory)/d/deep").status == .noContent)
            try LocalFile.link("\(fixture.directory)/d/link", to: "deep/x")
            try LocalFile.make(Array("\(fixture.directory)/d/".utf8) + [0xFF, 0x0A, 0x81])
            let entry: FileEntry = try await fixture.expect(.created, .post, "cp", json: Self.paths(fixture, "d", "new")).output()
            #expect(entry.type == "d")
            #expect(try await fixture.list("\(fixture.directory)/new").map(\.type) == ["d", "l", "-"])
            // The second time the target is there.
            let second: FileEntry = try await fixture.expect(.created, .post, "cp", json: Self.paths(fixture, "d", "new", ["dereference": true])).output()
            #expect(second.name == "\(fixture.directory)/new/d")
            #expect(try await fixture.list("\(fixture.directory)/new/d").map(\.type) == ["d", "-", "-"])
            #expect(try await fixture.download("\(fixture.directory)/new/d/link").text == "abc")
            #expect(try await fixture.list("\(fixture.directory)/d").count == 3)
        }
    }

    @Test("an existing file is overwritten, a directory never", arguments: ["cp", "mv"])
    func overwriting(operation: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("new".utf8), named: "x").status == .noContent)
            #expect(try await fixture.upload(Array("old content".utf8), named: "y").status == .noContent)
            try await Self.makeDirectory(fixture, "d/x")
            try await fixture.expect(.badRequest, .post, operation, json: Self.paths(fixture, "x", "d"))
            try await fixture.expect(.badRequest, .post, operation, json: Self.paths(fixture, "d", "y"))
            try await fixture.expect(.created, .post, operation, json: Self.paths(fixture, "x", "y"))
            #expect(try await fixture.download("\(fixture.directory)/y").text == "new")
        }
    }

    @Test("nothing goes onto or into itself", arguments: ["cp", "mv"])
    func itself(operation: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            try await Self.makeDirectory(fixture, "d/sub")
            func message(_ source: String, _ target: String) async throws -> String {
                try await fixture.expect(.badRequest, .post, operation, json: Self.paths(fixture, source, target)).error?.message ?? ""
            }
            #expect(try await message("x", "x").contains("are the same file"))
            #expect(try await message("x", ".").contains("are the same file"))
            #expect(try await message("d", "d/sub").contains("itself"))
            #expect(try await message("d", "d/sub/new").contains("itself"))
            _ = try await message("d", "d")
            #expect(try await fixture.list("\(fixture.directory)/d", ["recursive": "true"]).map(\.name) == ["sub"])
        }
    }

    @Test("what isn't there or may not be read is told with the command's words", arguments: ["cp", "mv"])
    func refusals(operation: String) async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            func error(_ status: HTTPResponse.Status, _ source: String, _ target: String, as user: String? = nil) async throws -> String {
                try await fixture.expect(status, .post, operation, json: Self.paths(fixture, source, target), as: user).error?.message ?? ""
            }
            #expect(try await error(.notFound, "none", "y").contains("No such file or directory"))
            #expect(try await error(.notFound, "x", "none/y").contains("No such file or directory"))
            #expect(try await error(.badRequest, "x/y", "y").contains("Not a directory"))
            #expect(try await error(.badRequest, "x", String(repeating: "n", count: 256)).contains("File name too long"))
            try LocalFile.setMode(fixture.directory, fixture.user == fixture.otherUser ? 0o000 : 0o700)
            #expect(try await error(.forbidden, "x", "y", as: fixture.otherUser).contains("Permission denied"))
            try LocalFile.setMode(fixture.directory, 0o755)
            #expect(try await fixture.list().map(\.name) == ["x"])
        }
    }

    @Test("copies have a limit, exact to the byte, and transfers are named beyond it")
    func copyLimit() async throws {
        try await FilesystemFixture.with(limit: 1000) { fixture async throws in
            try await Self.makeDirectory(fixture, "d/sub")
            for name in ["d", "d/sub"] {
                #expect(try await fixture.upload([UInt8](repeating: 1, count: 500), named: "x", to: "\(fixture.directory)/\(name)").status == .noContent)
            }
            try await fixture.expect(.created, .post, "cp", json: Self.paths(fixture, "d", "e"))
            try LocalFile.append("\(fixture.directory)/d/x", [1])
            let error = try await fixture.expect(.contentTooLarge, .post, "cp", json: Self.paths(fixture, "d", "f")).error
            #expect(error?.message.contains("transfer/cp") == true)
            #expect(try await fixture.list().map(\.name) == ["d", "e"])
            try await fixture.expect(.created, .post, "mv", json: Self.paths(fixture, "d", "f"))
        }
    }

    @Test("a move into another file system has the limit of a copy")
    func moveBetweenFileSystems() async throws {
        let memory = "/dev/shm"
        try await FilesystemFixture.with(limit: 1000, fileSystems: [memory]) { fixture async throws in
            try #require(try LocalFile.device(memory) != LocalFile.device(fixture.directory))
            let name = fixture.directory.split(separator: "/").last.map(String.init) ?? ""
            let outside = JSONValue.string("\(memory)/\(name)")
            try await Self.makeDirectory(fixture, "d")
            let source = JSONValue.string("\(fixture.directory)/d")
            #expect(try await fixture.upload([UInt8](repeating: 1, count: 1000), named: "x", to: "\(fixture.directory)/d").status == .noContent)
            try LocalFile.append("\(fixture.directory)/d/x", [1])
            let error = try await fixture.expect(.contentTooLarge, .post, "mv", json: ["path": source, "targetPath": outside]).error
            #expect(error?.message.contains("transfer/mv") == true)
            #expect(try await fixture.list("\(fixture.directory)/d").map(\.size) == ["1001"])
            #expect(try await fixture.upload([1], named: "x", to: "\(fixture.directory)/d").status == .noContent)
            let entry: FileEntry = try await fixture.expect(.created, .post, "mv", json: ["path": source, "targetPath": outside]).output()
            #expect(entry.name == "\(memory)/\(name)")
            #expect(try await fixture.list().isEmpty)
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(memory)/\(name)"])
        }
    }

    @Test("a whole file system is neither moved nor overwritten")
    func wholeFileSystems() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let home = JSONValue.string(try fixture.stack["HOME_ROOT"])
            try await fixture.expect(.badRequest, .post, "mv", json: ["path": home, "targetPath": .string("\(fixture.directory)/x")])
            let error = try await fixture.expect(.badRequest, .post, "compress", json: ["path": .string(fixture.directory), "targetPath": home]).error
            #expect(error?.message.contains("whole file system") == true)
        }
        try await FilesystemFixture.with(fileSystems: ["/dev/shm/goldcrest-no-such"]) { fixture async throws in
            let json = ["path": JSONValue.string("\(fixture.directory)/goldcrest-no-such"), "targetPath": "/dev/shm"]
            for operation in ["cp", "mv"] { try await fixture.expect(.badRequest, .post, operation, json: json) }
        }
    }

    private static let operations: [(HTTPRequest.Method, String, [String])] = [
        (.post, "symlink", ["sourcePath", "linkPath"]), (.put, "chmod", ["sourcePath"]), (.put, "chown", ["sourcePath"]),
        (.post, "cp", ["sourcePath", "targetPath"]), (.post, "mv", ["sourcePath", "targetPath"]), (.post, "compress", ["sourcePath", "targetPath"]),
        (.post, "extract", ["sourcePath", "targetPath"]),
    ]

    @Test(
        "every path of every request must lie in a file system of the system",
        arguments: ["/etc/passwd", "/", "", "etc", "{home}/../../etc/passwd", "//etc", "{root}2/x", "a\0b"])
    func outside(template: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let bad = template.replacing("{home}", with: fixture.home).replacing("{root}", with: try fixture.stack["HOME_ROOT"])
            for (method, operation, names) in Self.operations {
                var good = Dictionary(uniqueKeysWithValues: names.map { ($0, JSONValue.string("\(fixture.directory)/\($0)")) })
                good["mode"] = "644"
                good["owner"] = "root"
                for name in names {
                    let error = try await fixture.expect(.badRequest, method, operation, json: good.merging([name: .string(bad)]) { $1 }).error
                    #expect(error?.errorType == .error)
                    #expect(error?.message.contains(name == "sourcePath" ? "path" : name) == true)
                    let missing = try await fixture.expect(.badRequest, method, operation, json: good.filter { $0.key != name }).error
                    #expect(missing?.errorType == .error)
                }
                try await fixture.expect(.badRequest, method, operation, query: ["path": bad], json: good)
            }
            #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
        }
    }

    @Test("an unhealthy file system is refused for every path that lies in it")
    func unhealthy() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let scratch = try fixture.stack["SCRATCH"]
            for (method, operation, names) in Self.operations {
                for name in names {
                    var json = Dictionary(uniqueKeysWithValues: names.map { ($0, JSONValue.string("\(fixture.directory)/\($0)")) })
                    json["mode"] = "644"
                    json["owner"] = "root"
                    json[name] = .string("\(scratch)/no such")
                    var request = try fixture.request(method, operation, json: json)
                    request.headerFields[.callContext] = try fixture.context(unhealthy: [UnhealthyService(.filesystem, path: scratch)])
                    let answer = try await fixture.send(request)
                    #expect(answer.status == .serviceUnavailable)
                    #expect(answer.error?.message.contains(scratch) == true)
                }
            }
        }
    }
}
