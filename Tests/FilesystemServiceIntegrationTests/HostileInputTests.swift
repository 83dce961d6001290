import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("Requests that try to break out")
struct HostileInputTests {
    @Test("no parameter of any operation does more than it says", .timeLimit(.minutes(5)), arguments: [Cluster.FileAccess.exec, .sftp])
    func parameters(access: Cluster.FileAccess) async throws {
        try await Self.withCanary(access: access) { fixture, canary, work in
            let texts = Self.texts(marker: canary.marker)
            let requests = texts.flatMap { Self.requests(with: $0) }
            try await requests.forEach(atOnce: 4) { request in
                // One that cannot be sent at all does no harm.
                guard let ready = try? request.request(to: fixture, tree: work) else { return }
                let answer = try await fixture.send(ready)
                #expect((200..<500).contains(answer.status.code), "\(request): \(answer)")
            }
            for text in texts {
                for (name, file) in Self.forms(named: text) {
                    let answer = try await fixture.send(
                        fixture.request(
                            .post, "upload", query: ["path": work], headers: [.contentType: name], body: .bytes(ByteBuffer(bytes: file))))
                    #expect((200..<500).contains(answer.status.code), "upload of \(text): \(answer)")
                }
            }
        }
    }

    @Test("what files and links hold is never read by a shell", arguments: [Cluster.FileAccess.exec, .sftp])
    func contents(access: Cluster.FileAccess) async throws {
        try await Self.withCanary(access: access) { fixture, canary, work in
            for (number, text) in Self.texts(marker: canary.marker).enumerated() where !text.isEmpty && !text.utf8.contains(0) && text.utf8.count < 4096 {
                let name = "content \(number)"
                #expect(try await fixture.upload(Array(text.utf8), named: name, to: work).status == .noContent)
                try LocalFile.link("\(work)/link \(number)", to: text)
                for operation in ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"] {
                    for path in [name, "link \(number)"] {
                        let answer = try await fixture.send(FileRequest.get(operation, path).request(to: fixture, tree: work))
                        // A link may lead to itself, to a directory, or to what another user has.
                        #expect((200..<500).contains(answer.status.code), "\(operation) \(path), \(text): \(answer)")
                    }
                }
                let removal = try await fixture.send(FileRequest.remove("link \(number)").request(to: fixture, tree: work))
                #expect(removal.status == .noContent, "\(text)")
            }
            #expect(try await fixture.list(work, ["recursive": "true", "dereference": "true"]).isEmpty == false)
        }
    }

    @Test("a link that leads outside is followed with the user's own rights", arguments: [Cluster.FileAccess.exec, .sftp])
    func links(access: Cluster.FileAccess) async throws {
        try await Self.withCanary(access: access) { fixture, canary, work in
            // To what the user may read and change, outside of the test's directory.
            let folder = String(canary.path.dropLast("/file".count))
            try LocalFile.link("\(work)/to-file", to: canary.path)
            try LocalFile.link("\(work)/to-folder", to: folder)
            #expect(try await fixture.download("\(work)/to-file").text == "kept\n")
            #expect(try await fixture.list("\(work)/to-folder/").map(\.name) == ["file"])
            // Removing links, and what holds them, leaves alone what they lead to.
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(work)/to-file"])
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(work)/a/b"), "parent": true])
            try LocalFile.link("\(work)/a/b/file", to: canary.path)
            try LocalFile.link("\(work)/a/b/folder", to: folder)
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(work)/a"])
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(work)/to-folder"])
            // To what another user keeps to himself, or as good as that.
            let secret = try await Secret.make(in: fixture)
            try LocalFile.link("\(work)/secret", to: secret.path)
            for operation in ["head", "tail", "view", "checksum", "download"] {
                try await fixture.expect(.forbidden, .get, operation, query: ["path": "\(work)/secret"])
            }
            #expect(try await fixture.upload([1], named: "secret", to: work).status == .forbidden)
            try await secret.expectUntouched()
        }
    }

    // MARK: - Requests

    private static func withCanary(
        access: Cluster.FileAccess, _ body: @escaping @Sendable (_ fixture: FilesystemFixture, _ canary: Canary, _ work: String) async throws -> Void
    ) async throws {
        try await FilesystemFixture.with(limit: 100_000, commandTime: .seconds(20), access: access) { fixture async throws in
            let canary = try await Canary.set(in: fixture.home, for: fixture.user)
            defer { canary.remove() }
            let work = "\(fixture.directory)/work"
            try await LocalCommand(
                script: #"mkdir -- "$1" && cd -- "$1" && echo text >file && mkdir directory && echo leaf >directory/leaf && tar -cf archive directory"#, work
            ).run(as: fixture.user)
            try await body(fixture, canary, work)
            let harm = try await canary.harm(in: [fixture.home, fixture.directory])
            #expect(harm == [])
            try await ExampleTree.unlock(fixture.directory)
        }
    }

    /// What shells, options, paths, formats and headers could take for more than text.
    private static func texts(marker: String) -> [String] {
        let commands = ["touch \(marker)", "touch${IFS}\(marker)", "touch /tmp/\(marker)"]
        let shells = commands.flatMap { command in
            [
                "$(\(command))", "`\(command)`", ";\(command);", "|\(command)|", "&\(command)&", "\n\(command)\n", "'$(\(command))'", "'\n\(command)\n'", "';\(command);'",
                "\";\(command);\"", "\\'; \(command); \\'", "x || \(command)", ">\(marker)", "\r\n\(command)\r\n", "$'\\n'\(command)",
            ]
        }
        let options = [
            "--help", "--version", "-rf", "-", "--", "-R", "--checkpoint=1", "--checkpoint-action=exec=touch \(marker)", "--to-command=touch \(marker)",
            "-Itouch \(marker)", "--use-compress-program=touch \(marker)", "--files-from=/etc/passwd", "--reference=/etc/passwd", "--no-preserve-root", "-T/etc/passwd", "-exec",
            "-delete", "-fprint \(marker)", "+%s", "@/etc/passwd", "~", "~root", "$HOME", "*", "?", "[", "{a,b}", ".*", "(", "\\", "%s%n%x", "%00", "u+s,a+rwx", "0:0",
        ]
        let paths = [
            "../../../../../../../../etc/\(marker)-x", "/etc/\(marker)-x", "/", "//etc//passwd", "/proc/self/environ", "/dev/tcp/127.0.0.1/1", "../../../../../..",
            "....//....//etc", "..\\..\\etc", "%2e%2e%2fetc", "..;/etc", "/etc/passwd\0.txt", "a\0b", "\0",
        ]
        let headers = ["x\r\nX-Injected: yes", "x\r\n\r\nGET / HTTP/1.1", "\u{202E}", "\u{FEFF}", "e\u{301}", "/\u{338}etc", String(repeating: "x", count: 5000), "", " ", "\t"]
        return shells + options + paths + headers
    }

    /// The text as each parameter of each operation, in turn.
    private static func requests(with text: String) -> [FileRequest] {
        let below = Array("directory/".utf8) + Array(text.utf8)
        let reading = ["ls", "stat", "head", "tail", "view", "checksum", "file", "download"]
        let queries: [(String, String)] = [
            ("head", "lines"), ("head", "bytes"), ("head", "skipTrailing"), ("tail", "lines"), ("tail", "bytes"), ("tail", "skipHeading"), ("tail", "follow"),
            ("view", "size"), ("view", "offset"), ("checksum", "algorithm"), ("ls", "showHidden"), ("ls", "recursive"), ("ls", "numericUid"), ("ls", "dereference"),
            ("ls", "limit"), ("ls", "offset"), ("stat", "dereference"),
        ]
        let value = JSONValue.string(text)
        let placed = JSONValue.string("/directory/\(text)")
        let bodies: [(HTTPRequest.Method, String, [String: JSONValue])] = [
            (.post, "mkdir", ["path": placed]), (.post, "mkdir", ["path": placed, "parent": true]), (.post, "mkdir", ["path": value, "parent": value]),
            (.post, "symlink", ["path": placed, "linkPath": "/link"]), (.post, "symlink", ["path": "/file", "linkPath": placed]),
            (.post, "symlink", ["path": value, "linkPath": value]), (.put, "chmod", ["path": "/file", "mode": value]), (.put, "chmod", ["path": placed, "mode": "600"]),
            (.put, "chown", ["path": "/file", "owner": value]), (.put, "chown", ["path": "/file", "group": value]),
            (.put, "chown", ["path": "/file", "owner": value, "group": value]), (.put, "chown", ["path": placed, "owner": "root"]),
            (.post, "cp", ["sourcePath": placed, "targetPath": "/copy"]), (.post, "cp", ["sourcePath": "/file", "targetPath": placed]),
            (.post, "mv", ["sourcePath": "/file to move", "targetPath": placed]), (.post, "compress", ["path": placed, "targetPath": "/archive 1"]),
            (.post, "compress", ["path": "/directory", "targetPath": placed]),
            (.post, "compress", ["path": "/directory", "targetPath": "/archive 2", "matchPattern": value]),
            (.post, "compress", ["path": "/directory", "targetPath": "/archive 3", "compression": value]),
            (.post, "extract", ["path": placed, "targetPath": "/extracted"]), (.post, "extract", ["path": "/archive", "targetPath": placed, "compression": "none"]),
            (.post, "extract", ["path": "/archive", "targetPath": "/directory", "compression": value]),
        ]
        let byPath = reading.flatMap { [FileRequest.get($0, below), FileRequest(method: .get, operation: $0, query: ["path": text])] }
        let byQuery = queries.map { FileRequest.get($0.0, "file", [$0.1: text]) }
        let byBody = bodies.map { FileRequest.change($0.0, $0.1, $0.2) }
        let byHeader = [HTTPField.Name.range, .ifNoneMatch, .ifRange, .lastEventID].flatMap { name in
            ["download", "tail"].map { FileRequest.get($0, "file", headers: [name: text]) }
        }
        let upload = FileRequest(method: .post, operation: "upload", path: below, file: (Array("x".utf8), [1]))
        let requests = byPath + byQuery + byBody + byHeader + [upload]
        // These would take away what the others need.
        if text.allSatisfy({ $0 == "/" }) { return requests }
        return requests + [
            FileRequest(method: .delete, operation: "rm", path: below), .change(.post, "mv", ["sourcePath": placed, "targetPath": "/moved"]),
        ]
    }

    /// Content types and bodies of uploads that have the text as the file's name, written as each kind of client does, and as the boundary.
    private static func forms(named text: String) -> [(String, [UInt8])] {
        let escaped = MultipartForm(fileName: Array(text.utf8), content: [1])
        func form(_ disposition: String, boundary: String = "XX") -> [UInt8] {
            Array("--\(boundary)\r\nContent-Disposition: \(disposition)\r\n\r\nx\r\n--\(boundary)--\r\n".utf8)
        }
        return [
            (escaped.contentType, escaped.bytes), ("multipart/form-data; boundary=XX", form("form-data; name=\"file\"; filename=\"\(text)\"")),
            ("multipart/form-data; boundary=XX", form("form-data; name=\"file\"; filename*=UTF-8''\(text)")),
            ("multipart/form-data; boundary=XX", form("form-data; name=\"\(text)\"; filename=\"x\"")),
            ("multipart/form-data; boundary=\"\(text.filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" && $0 != "\0" })\"", form("form-data; name=\"file\"; filename=\"x\"", boundary: text)),
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .ifRange
}

/// A file that the user may not read: another's, where the stack has two accounts.
private struct Secret {
    let path: String

    static func make(in fixture: FilesystemFixture) async throws -> Secret {
        let path = "\(fixture.directory)/secret"
        try await LocalCommand(script: #"echo secret >"$1" && chown "$2" "$1" && chmod "$3" "$1""#, path, fixture.otherUser, fixture.user == fixture.otherUser ? "000" : "600")
            .run()
        return Secret(path: path)
    }

    func expectUntouched() async throws {
        let lines = try await LocalCommand(script: #"stat -c %s "$1""#, path).run()
        #expect(String(decoding: lines, as: UTF8.self) == "7\n")
    }
}
