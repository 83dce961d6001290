import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import StackTesting
import Testing

@Suite("Uploads and downloads on a real system")
struct MovingContentIntegrationTests {
    private static let limit = 700_001

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    @Test("content survives the round trip byte for byte up to the limit", arguments: [0, 1, 255, 262_144, 262_145, limit])
    func roundTrip(size: Int) async throws {
        try await FilesystemFixture.with(limit: Self.limit) { fixture async throws in
            let content = Self.random(size)
            #expect(try await fixture.upload(content, named: "x").status == .noContent)
            let answer = try await fixture.download("\(fixture.directory)/x")
            #expect(answer.status == .ok)
            #expect(answer.bytes == content)
            #expect(answer.head.headerFields[.contentLength] == String(size))
            #expect(answer.head.headerFields[.contentType] == "application/octet-stream")
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["x"])
        }
    }

    @Test("HEAD tells the size and sends nothing")
    func head() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Self.random(1000), named: "x").status == .noContent)
            let answer = try await fixture.call(.head, "download", query: ["path": "\(fixture.directory)/x"])
            #expect(answer.status == .ok)
            #expect(answer.head.headerFields[.contentLength] == "1000")
            #expect(answer.bytes.isEmpty)
        }
    }

    @Test("a byte over the limit is refused both ways and leaves nothing behind")
    func overLimit() async throws {
        try await FilesystemFixture.with(limit: Self.limit) { fixture async throws in
            #expect(try await fixture.upload(Self.random(Self.limit + 1), named: "x").status == .contentTooLarge)
            #expect(try await fixture.upload(Self.random(Self.limit * 2), named: "x").status == .contentTooLarge)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
        }
        try await FilesystemFixture.with(limit: Self.limit + 1) { wide async throws in
            #expect(try await wide.upload(Self.random(Self.limit + 1), named: "x").status == .noContent)
        }
    }

    @Test("a file over the limit is not downloaded")
    func downloadOverLimit() async throws {
        try await FilesystemFixture.with(limit: 10) { fixture async throws in
            #expect(try await fixture.upload(Self.random(10), named: "x").status == .noContent)
            #expect(try await fixture.download("\(fixture.directory)/x").status == .ok)
            try LocalFile.append("\(fixture.directory)/x", [1])
            #expect(try await fixture.download("\(fixture.directory)/x").status == .contentTooLarge)
        }
    }

    @Test("a file is replaced in one step and keeps its mode")
    func replace() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = "\(fixture.directory)/script"
            #expect(try await fixture.upload(Array("one".utf8), named: "script").status == .noContent)
            try LocalFile.setMode(path, 0o750)
            #expect(try await fixture.upload(Array("two".utf8), named: "script").status == .noContent)
            #expect(try LocalFile.status(path).mode == 0o750)
            #expect(try await fixture.download(path).text == "two")
        }
    }

    @Test("a file of another owner who lets others write keeps its owner")
    func otherOwner() async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            let path = "\(fixture.directory)/shared"
            #expect(try await fixture.upload(Array("a long first content".utf8), named: "shared").status == .noContent)
            try LocalFile.setMode(path, 0o666)
            try LocalFile.setMode(fixture.directory, 0o755)
            let before = try LocalFile.status(path)
            #expect(try await fixture.upload(Array("second".utf8), named: "shared", as: fixture.otherUser).status == .noContent)
            #expect(try LocalFile.status(path) == before)
            #expect(try await fixture.download(path).text == "second")
            try LocalFile.setMode(path, 0o444)
            #expect(try await fixture.upload([1], named: "shared", as: fixture.otherUser).status == .forbidden)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == ["shared"])
        }
    }

    @Test("a link is written through")
    func link() async throws {
        try await FilesystemFixture.with { fixture async throws in
            try LocalFile.link("\(fixture.directory)/link", to: "target")
            #expect(try await fixture.upload([0x61], named: "link").status == .noContent)
            #expect(try await fixture.download("\(fixture.directory)/target").text == "a")
            #expect(try await fixture.list().map(\.type) == ["l", "-"])
        }
    }

    @Test("the file gets the name that the client gives it", arguments: [
        "it's", "say \"hi\"", "$(touch pwned)", "a;b", "new\nline", "-rf", "back\\slash", "ünï", " ", String(repeating: "x", count: 255), "*",
    ])
    func names(name: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([0x61], named: name).status == .noContent)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).map(\.name) == [name])
        }
    }

    @Test("a name that is a path is refused", arguments: ["../x", "/etc/x", "a/b", "..", "", String(repeating: "x", count: 256)])
    func badNames(name: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload([0x61], named: name).status == .badRequest)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
        }
    }

    @Test("an upload into what is missing, a file or another user's directory says so")
    func badTargets() async throws {
        try await FilesystemFixture.with(in: "SCRATCH") { fixture async throws in
            #expect(try await fixture.upload([1], named: "x").status == .noContent)
            #expect(try await fixture.upload([1], named: "x", to: "\(fixture.directory)/no").status == .notFound)
            #expect(try await fixture.upload([1], named: "x", to: "\(fixture.directory)/x").status == .badRequest)
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string("\(fixture.directory)/sub")])
            #expect(try await fixture.upload([1], named: "sub").status == .badRequest)
            let locked = "\(fixture.directory)/locked"
            try await fixture.expect(.created, .post, "mkdir", json: ["path": .string(locked)])
            try LocalFile.setMode(locked, fixture.user == fixture.otherUser ? 0o500 : 0o755)
            #expect(try await fixture.upload([1], named: "x", to: locked, as: fixture.otherUser).status == .forbidden)
            try LocalFile.setMode(locked, 0o700)
        }
    }

    @Test("a form that is no form is refused", arguments: [
        "", "garbage", "--XX--\r\n", "--XX\r\nContent-Disposition: form-data; name=\"other\"; filename=\"x\"\r\n\r\nabc\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nabc",
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\na\r\n--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"y\"\r\n\r\nb\r\n--XX--",
    ])
    func badForms(body: String) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let request = try fixture.request(
                .post, "upload", query: ["path": fixture.directory], headers: [.contentType: "multipart/form-data; boundary=XX"],
                body: .bytes(ByteBuffer(string: body)))
            #expect(try await fixture.send(request).status == .badRequest)
            #expect(try await fixture.list(nil, ["showHidden": "true"]).isEmpty)
        }
    }

    @Test("an upload whose client goes away leaves nothing, not even a part of it, and what was there stays")
    func interrupted() async throws {
        try await FilesystemFixture.with { fixture async throws in
            #expect(try await fixture.upload(Array("old".utf8), named: "x").status == .noContent)
            let (pieces, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
            let request = try fixture.request(
                .post, "upload", query: ["path": fixture.directory],
                headers: [.contentType: "multipart/form-data; boundary=\(MultipartForm.boundary)"], body: .stream(length: nil, pieces))
            let sending = Task { try await fixture.send(request) }
            continuation.yield(ByteBuffer(bytes: MultipartForm.head(fileName: "x")))
            for _ in 0..<8 { continuation.yield(ByteBuffer(bytes: Self.random(100_000))) }
            // The temporary file shows that the system is receiving.
            try await eventually("the file is on its way") { try await fixture.list(nil, ["showHidden": "true"]).count == 2 }
            continuation.finish(throwing: CancellationError())
            _ = await sending.result
            try await eventually("its part is gone") { try await fixture.list(nil, ["showHidden": "true"]).count == 1 }
            #expect(try await fixture.download("\(fixture.directory)/x").text == "old")
        }
    }

    @Test("uploads of many clients to one file never mix")
    func concurrent() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let contents = (0..<8).map { [UInt8](repeating: UInt8(0x61 + $0), count: 300_000) }
            try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for content in contents { group.addTask { try await fixture.upload(content, named: "x").status } }
                for try await status in group { #expect(status == .noContent) }
            }
            let stored = try await fixture.download("\(fixture.directory)/x").bytes
            #expect(contents.contains(stored))
            #expect(try await fixture.list(nil, ["showHidden": "true"]).count == 1)
        }
    }
}
