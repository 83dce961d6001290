import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import Logging
import NIOCore
import StackTesting
import Testing

@testable import FilesystemService

@Suite("Operations by SFTP on a real system")
struct SFTPOperationsIntegrationTests {
    @Test("none of them needs a command")
    func noCommands() async throws {
        // No command ends in a millisecond; requests of SFTP have the margin of two seconds.
        try await FilesystemFixture.with(commandTime: .milliseconds(1), access: .sftp) { fixture async throws in
            let directory = "\(fixture.directory)/d"
            let made: FileEntry = try await fixture.expect(.created, .post, "mkdir", json: ["path": .string(directory)]).output()
            #expect(made.type == "d" && made.name == directory)
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string(directory), "parent": .bool(true)])
            let content = (1...100_000).map { "line \($0)\n" }.joined()
            #expect(try await fixture.upload(Array("first".utf8), named: "x", to: directory).status == .noContent)
            #expect(try await fixture.upload(Array(content.utf8), named: "x", to: directory).status == .noContent)
            let path = "\(directory)/x"
            let head: FileContent = try await fixture.expect(.ok, .get, "head", query: ["path": path, "lines": "2"]).output()
            #expect(head.content == "line 1\nline 2\n")
            let tail: FileContent = try await fixture.expect(.ok, .get, "tail", query: ["path": path, "lines": "2"]).output()
            #expect(tail.content == "line 99999\nline 100000\n")
            let skipped: FileContent = try await fixture.expect(.ok, .get, "tail", query: ["path": path, "lines": "99998", "skipHeading": "true"]).output()
            #expect(skipped.content == tail.content)
            #expect(try await fixture.expect(.ok, .get, "view", query: ["path": path, "offset": "5", "size": "3"]).output(String.self) == "1\nl")
            #expect(try await fixture.download(path).text == content)
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": path])
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": directory])
        }
    }

    @Test("what is refused is told in the words of the commands")
    func words() async throws {
        try await FilesystemFixture.with(access: .sftp) { fixture async throws in
            let directory = fixture.directory
            try LocalFile.make("\(directory)/file")
            try LocalFile.link("\(directory)/loop", to: "loop")
            let cases: [(HTTPRequest.Method, String, [String: String], HTTPResponse.Status, String)] = [
                (.get, "ls", ["path": "\(directory)/no"], .notFound, "ls: cannot access '\(directory)/no': No such file or directory"),
                (.get, "head", ["path": "\(directory)/no"], .notFound, "No such file or directory"),
                (.get, "head", ["path": directory], .badRequest, "Is a directory"),
                (.get, "tail", ["path": "\(directory)/loop"], .badRequest, "Too many levels of symbolic links"),
                (.get, "view", ["path": directory], .badRequest, "Is a directory"),
                (.get, "download", ["path": "\(directory)/file/x"], .badRequest, "Not a directory"),
                (.delete, "rm", ["path": "\(directory)/no"], .notFound, "No such file or directory"),
            ]
            for (method, operation, query, status, words) in cases {
                let error = try await fixture.expect(status, method, operation, query: query).error
                #expect(error?.message.contains(words) == true, "\(operation) \(query): \(error?.message ?? "")")
            }
            let existing = try await fixture.expect(.badRequest, .post, "mkdir", json: ["path": .string("\(directory)/file")]).error
            #expect(existing?.message.contains("File exists") == true)
        }
    }

    @Test("a directory with something in it is removed, links in it are not followed")
    func remove() async throws {
        try await FilesystemFixture.with(access: .sftp) { fixture async throws in
            let directory = fixture.directory
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(directory)/kept/below"), "parent": .bool(true)])
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(directory)/tree/below"), "parent": .bool(true)])
            try LocalFile.link("\(directory)/tree/link", to: "../kept")
            try LocalFile.link("\(directory)/link", to: "kept")
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(directory)/tree"])
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": "\(directory)/link"])
            #expect(try await fixture.list(nil, ["recursive": "true"]).map(\.name) == ["kept", "kept/below"])
        }
    }

    @Test("a pipe is not waited for")
    func pipe() async throws {
        try await FilesystemFixture.with(commandTime: .milliseconds(700), access: .sftp) { fixture async throws in
            try LocalFile.pipe("\(fixture.directory)/pipe")
            try await fixture.expect(.badRequest, .get, "download", query: ["path": "\(fixture.directory)/pipe"])
            #expect(try await fixture.list().map(\.type) == ["p"])
        }
    }

    @Test("symlink and chmod change what they name and show its entry")
    func changes() async throws {
        try await Self.withFiles { files, user, directory in
            let link = try directory.appending("link")
            let made = try await files.makeSymbolicLink(link, to: try directory.appending("d"), as: user)
            #expect(made.type == "l" && made.name == link.string && made.linkTarget == "\(directory)/d")
            let below = try directory.appending("d")
            _ = try await files.makeDirectory(below, withParents: false, as: user)
            #expect(try await files.changeMode(below, to: FileMode("2750"), as: user).permissions == "rwxr-s---")
            #expect(try await files.changeMode(below, to: FileMode("700"), as: user).permissions == "rwx--S---")
            #expect(try await files.changeMode(below, to: FileMode("00700"), as: user).permissions == "rwx------")
            // The link is followed, and shown.
            #expect(try await files.changeMode(link, to: FileMode("711"), as: user).type == "l")
            #expect(try LocalFile.status(below.string).mode == 0o711)
        }
    }

    @Test("a broken upload leaves the file as it was, and nothing else")
    func brokenUpload() async throws {
        try await Self.withFiles { files, user, directory in
            let name = try FileName(Array("x".utf8))
            let whole = AsyncThrowingStream<ByteBuffer, any Error> { $0.yield(ByteBuffer(string: "old")); $0.finish() }
            try await files.write(whole, to: name, in: directory, as: user)
            struct Broken: Error {}
            let broken = AsyncThrowingStream<ByteBuffer, any Error> { source in
                source.yield(ByteBuffer(repeating: 0x61, count: 300_000))
                source.finish(throwing: Broken())
            }
            await #expect(throws: Broken.self) { try await files.write(broken, to: name, in: directory, as: user) }
            let (started, start) = AsyncStream<Void>.makeStream()
            let endless = AsyncThrowingStream<ByteBuffer, any Error>(unfolding: {
                start.yield()
                try await Task.sleep(for: .milliseconds(10))
                return ByteBuffer(repeating: 0x61, count: 1000)
            })
            let upload = Task { try await files.write(endless, to: name, in: directory, as: user) }
            for await _ in started { break }
            upload.cancel()
            await #expect(throws: (any Error).self) { try await upload.value }
            let entries = try await files.list(ListingTarget(path: directory), ListingOptions(showsHidden: true), as: user)
            #expect(entries.map(\.name) == ["x"] && entries.map(\.size) == ["3"])
        }
    }

    /// Runs `body` with the back end itself and a directory of the user's own.
    private static func withFiles(
        _ body: @escaping @Sendable (SFTPFileSystem, SSHUser, AbsolutePath) async throws -> Void
    ) async throws {
        try await FilesystemFixture.with(access: .sftp) { fixture async throws in
            var settings = try Settings.load(from: try fixture.stack["YAML_CONFIG_FILE"]).settings
            for index in settings.clusters.indices { settings.clusters[index].fileAccess = .sftp }
            let logger = Logger(label: "sftp-tests")
            let client = HTTPClient(logger: logger)
            let pools = SSHPools(settings: settings, httpClient: client, usesSFTP: true, logger: logger)
            let cluster = try #require(settings.clusters.first { $0.name == fixture.system })
            let files = SFTPFileSystem(ssh: try #require(pools[cluster.name]), cluster: cluster, logger: logger)
            do {
                try await body(files, SSHUser(name: fixture.user, token: ""), try AbsolutePath(normalising: fixture.directory))
            } catch {
                await pools.shutdown()
                await client.shutdown()
                throw error
            }
            await pools.shutdown()
            await client.shutdown()
        }
    }
}
