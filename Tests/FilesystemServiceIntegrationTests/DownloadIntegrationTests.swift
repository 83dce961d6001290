import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes
import StackTesting
import Testing

@Suite("Downloads of parts, and of what has changed")
struct DownloadIntegrationTests {
    private static let content = (0..<100_000).map { index -> UInt8 in UInt8(truncatingIfNeeded: index * 7 + index / 256) }

    /// A file that was changed long enough ago to have a tag.
    private func put(_ content: [UInt8], _ fixture: FilesystemFixture, age: TimeInterval = 1000) async throws -> String {
        #expect(try await fixture.upload(content, named: "x").status == .noContent)
        let path = "\(fixture.directory)/x"
        try LocalFile.setModified(path, Date(timeIntervalSinceNow: -age))
        return path
    }

    private func download(
        _ fixture: FilesystemFixture, _ path: String, _ headers: HTTPFields = [:], method: HTTPRequest.Method = .get
    ) async throws -> Answer {
        try await fixture.send(fixture.request(method, "download", query: ["path": path], headers: headers))
    }

    @Test("each form of a range gets its bytes and says where they are", arguments: [
        ("bytes=0-0", 0..<1), ("bytes=70000-70009", 70_000..<70_010), ("bytes=99990-", 99_990..<100_000), ("bytes=-10", 99_990..<100_000),
        ("bytes=0-999999999999", 0..<100_000), ("bytes=-999999999999", 0..<100_000), ("bytes=65535-65537", 65_535..<65_538),
    ])
    func ranges(range: String, expected: Range<Int>) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let answer = try await download(fixture, try await put(Self.content, fixture), [.range: range])
            #expect(answer.status == .partialContent)
            #expect(answer.bytes == Array(Self.content[expected]))
            #expect(answer.head.headerFields[.contentRange] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/100000")
            #expect(answer.head.headerFields[.contentLength] == String(expected.count))
        }
    }

    @Test("what a range names and the file has not is a 416 with the size")
    func unsatisfiable() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = try await put([1, 2, 3], fixture)
            for range in ["bytes=3-", "bytes=-0", "bytes=99999999999999999999-"] {
                let answer = try await download(fixture, path, [.range: range])
                #expect(answer.status == .rangeNotSatisfiable)
                #expect(answer.head.headerFields[.contentRange] == "bytes */3")
                #expect(answer.error?.errorType == .error)
            }
            for range in ["bytes=0-0,2-2", "lines=0-1", "bytes=2-1", "nonsense"] {
                let answer = try await download(fixture, path, [.range: range])
                #expect(answer.status == .ok && answer.bytes == [1, 2, 3], "\(range)")
            }
        }
    }

    @Test("an empty file is sent, and has no range")
    func empty() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = try await put([], fixture)
            let whole = try await download(fixture, path)
            #expect(whole.status == .ok && whole.bytes.isEmpty)
            #expect(whole.head.headerFields[.contentLength] == "0")
            let part = try await download(fixture, path, [.range: "bytes=0-"])
            #expect(part.status == .rangeNotSatisfiable)
            #expect(part.head.headerFields[.contentRange] == "bytes */0")
        }
    }

    @Test("what the client has already is not sent again, until it has changed")
    func conditions() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = try await put([1, 2, 3], fixture)
            let first = try await download(fixture, path)
            let tag = try #require(first.head.headerFields[.eTag])
            let modified = try #require(first.head.headerFields[.lastModified])
            #expect(first.head.headerFields[.acceptRanges] == "bytes")
            for headers: HTTPFields in [[.ifNoneMatch: tag], [.ifModifiedSince: modified], [.ifNoneMatch: "\"x\", W/\(tag)"]] {
                let again = try await download(fixture, path, headers)
                #expect(again.status == .notModified && again.bytes.isEmpty)
                #expect(again.head.headerFields[.eTag] == tag)
            }
            #expect(try await download(fixture, path, [.ifNoneMatch: tag], method: .head).status == .notModified)
            #expect(try await download(fixture, path, [.ifMatch: "\"x\""]).status == .preconditionFailed)
            #expect(try await download(fixture, path, [.range: "bytes=1-", .ifRange: tag]).bytes == [2, 3])

            try LocalFile.append(path, [4])
            let changed = try await download(fixture, path, [.ifNoneMatch: tag])
            #expect(changed.status == .ok && changed.bytes == [1, 2, 3, 4])
            let whole = try await download(fixture, path, [.range: "bytes=1-", .ifRange: tag])
            #expect(whole.status == .ok && whole.bytes == [1, 2, 3, 4], "a part of another version would not fit")
        }
    }

    @Test("a file that was changed just now has no tag")
    func recent() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = try await put([1], fixture, age: -60)
            #expect(try await download(fixture, path).head.headerFields[.eTag] == nil)
            try LocalFile.setModified(path, Date(timeIntervalSinceNow: -60))
            #expect(try await download(fixture, path).head.headerFields[.eTag] != nil)
        }
    }

    @Test("a part within the limit comes of a file beyond it, with HEAD the whole is refused as with GET")
    func limit() async throws {
        try await FilesystemFixture.with(limit: 1000) { fixture async throws in
            let path = "\(fixture.directory)/x"
            try LocalFile.make(path)
            try LocalFile.append(path, Array(Self.content[..<5000]))
            #expect(try await download(fixture, path).status == .contentTooLarge)
            #expect(try await download(fixture, path, method: .head).status == .contentTooLarge)
            #expect(try await download(fixture, path, [.range: "bytes=4000-4999"]).bytes == Array(Self.content[4000..<5000]))
            #expect(try await download(fixture, path, [.range: "bytes=-1001"]).status == .contentTooLarge)
        }
    }

    @Test("HEAD tells what GET would, but for ranges, and sends nothing")
    func head() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = try await put([1, 2, 3], fixture)
            let answer = try await download(fixture, path, [.range: "bytes=0-0"], method: .head)
            let whole = try await download(fixture, path)
            #expect(answer.status == .ok && answer.bytes.isEmpty)
            for name: HTTPField.Name in [.contentLength, .contentType, .eTag, .lastModified, .acceptRanges] {
                #expect(answer.head.headerFields[name] == whole.head.headerFields[name] && answer.head.headerFields[name] != nil, "\(name)")
            }
            #expect(try await download(fixture, "\(fixture.directory)/no", method: .head).status == .notFound)
        }
    }

    @Test("a part of 10 GB comes without the rest being read")
    func sparse() async throws {
        try await FilesystemFixture.with { fixture async throws in
            let path = "\(fixture.directory)/x"
            try LocalFile.make(path)
            try LocalFile.truncate(path, to: 10_000_000_000)
            try LocalFile.append(path, Array("a\nb\nlast".utf8))
            let part = try await download(fixture, path, [.range: "bytes=9999999999-10000000003"])
            #expect(part.bytes == [0] + Array("a\nb\n".utf8))
            #expect(part.head.headerFields[.contentRange] == "bytes 9999999999-10000000003/10000000008")
            let tail: FileContent = try await fixture.expect(.ok, .get, "tail", query: ["path": path, "lines": "2"]).output()
            #expect(tail.content == "b\nlast")
            let head: FileContent = try await fixture.expect(.ok, .get, "head", query: ["path": path, "bytes": "3"]).output()
            #expect(head.content == "\0\0\0")
            let view = try await fixture.expect(.ok, .get, "view", query: ["path": path, "offset": "10000000000", "size": "3"]).output(String.self)
            #expect(view == "a\nb")
            try await fixture.expect(.contentTooLarge, .get, "tail", query: ["path": path, "bytes": "0", "skipHeading": "true"])
            try await fixture.expect(.contentTooLarge, .get, "head", query: ["path": path, "lines": "1"])
        }
    }

    @Test("text beyond 64 KiB comes whole, cut and repaired as a short one", arguments: [65_000, 65_600, 300_000, 1_000_001])
    func longText(size: Int) async throws {
        try await FilesystemFixture.with { fixture async throws in
            let pattern = Array("aé\n\"".utf8)
            let content = (0..<size).map { index -> UInt8 in index % 1000 == 999 ? 0xFF : pattern[index % pattern.count] }
            #expect(try await fixture.upload(content, named: "x").status == .noContent)
            let path = "\(fixture.directory)/x"
            let expected = String(decoding: content, as: UTF8.self)
            #expect(try await fixture.expect(.ok, .get, "view", query: ["path": path]).output(String.self) == expected)
            let head: FileContent = try await fixture.expect(.ok, .get, "head", query: ["path": path, "bytes": String(size)]).output()
            #expect(head == FileContent(content: expected, contentType: .bytes, startPosition: 0, endPosition: size))
        }
    }

    @Test("an excerpt over the limit is a 413; commands break off what is too long to be held back as a whole")
    func longExcerpts() async throws {
        try await FilesystemFixture.with(limit: 9 << 20, access: .exec) { fixture async throws in
            let path = "\(fixture.directory)/x"
            try LocalFile.make(path)
            try LocalFile.append(path, [UInt8](repeating: 0x62, count: 9 << 20))
            let whole = try await fixture.expect(.ok, .get, "tail", query: ["path": path, "bytes": "0", "skipHeading": "true"])
            #expect(try whole.output(FileContent.self).content.utf8.count == 9 << 20)
            try LocalFile.append(path, [0x61])
            // Its status is sent by then: the answer breaks off.
            await #expect(throws: (any Error).self) {
                _ = try await fixture.call(.get, "tail", query: ["path": path, "bytes": "0", "skipHeading": "true"])
            }
            #expect(try await fixture.call(.get, "tail", query: ["path": path, "bytes": "1"]).status == .ok)
        }
        for (limit, access) in [(7 << 20, Cluster.FileAccess.exec), (9 << 20, .sftp)] {
            try await FilesystemFixture.with(limit: limit, access: access) { fixture async throws in
                let path = "\(fixture.directory)/x"
                try LocalFile.make(path)
                try LocalFile.append(path, [UInt8](repeating: 0x62, count: limit + 1))
                try await fixture.expect(.contentTooLarge, .get, "tail", query: ["path": path, "bytes": "0", "skipHeading": "true"])
                try await fixture.expect(.ok, .get, "tail", query: ["path": path, "bytes": "1", "skipHeading": "true"])
            }
        }
    }
}
