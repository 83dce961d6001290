import GoldcrestProtocol
import HTTPTypes
import Testing

@testable import FilesystemService

@Suite("What is downloaded")
struct DownloadRequestTests {
    private static let now = HTTPDate(seconds: 784_111_777)
    private static let version = FileVersion(size: 10, modified: 784_111_000)
    private static let tag = EntityTag(of: version, now: now)?.text ?? ""
    private static let modified = "Sun, 06 Nov 1994 08:36:40 GMT"

    private func choice(_ headerFields: HTTPFields, of version: FileVersion = version, isHead: Bool = false, limit: Int = 100) throws -> DownloadRequest.Choice {
        try DownloadRequest(headerFields, isHead: isHead, limit: limit, now: Self.now).choice(of: version)
    }

    @Test("the whole file comes with what later requests need")
    func whole() throws {
        let head = try DownloadRequest([:], isHead: false, limit: 10, now: Self.now).head(for: Self.version)
        #expect(head.status == .ok)
        #expect(head.headerFields[.eTag] == Self.tag)
        #expect(head.headerFields[.lastModified] == Self.modified)
        #expect(head.headerFields[.acceptRanges] == "bytes")
        #expect(head.headerFields[.contentLength] == "10")
    }

    @Test("a file that is just being changed has no tag, and its time is never in the future")
    func recent() throws {
        let head = try DownloadRequest([:], isHead: false, limit: 10, now: Self.now).head(for: FileVersion(size: 1, modified: Self.now.seconds + 100))
        #expect(head.headerFields[.eTag] == nil)
        #expect(head.headerFields[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test("what the client has already is not sent again")
    func notModified() throws {
        #expect(try choice([.ifNoneMatch: Self.tag]) == .notModified)
        #expect(try choice([.ifNoneMatch: "\"x\", W/\(Self.tag)"]) == .notModified)
        #expect(try choice([.ifNoneMatch: "*"]) == .notModified)
        #expect(try choice([.ifNoneMatch: "\"x\""]) == .whole)
        #expect(try choice([.ifNoneMatch: "garbage"]) == .whole)
        #expect(try choice([.ifModifiedSince: Self.modified]) == .notModified)
        #expect(try choice([.ifModifiedSince: "Sun, 06 Nov 1994 08:36:39 GMT"]) == .whole)
        #expect(try choice([.ifModifiedSince: "garbage"]) == .whole)
        #expect(try choice([.ifNoneMatch: "\"x\"", .ifModifiedSince: Self.modified]) == .whole, "the tag goes before the date")
        #expect(try choice([.ifNoneMatch: Self.tag, .range: "bytes=0-1"]) == .notModified, "conditions go before the range")
        let head = try DownloadRequest([.ifNoneMatch: Self.tag], isHead: false, limit: 10, now: Self.now).head(for: Self.version)
        #expect(head.status == .notModified)
        #expect(head.headerFields[.eTag] == Self.tag)
        #expect(head.headerFields[.contentLength] == nil)
    }

    @Test("preconditions that fail are refused")
    func preconditions() throws {
        #expect(try choice([.ifMatch: Self.tag]) == .whole)
        #expect(try choice([.ifMatch: "*"]) == .whole)
        #expect(try choice([.ifUnmodifiedSince: Self.modified]) == .whole)
        #expect(try choice([.ifMatch: Self.tag, .ifUnmodifiedSince: "Sun, 06 Nov 1994 08:36:39 GMT"]) == .whole)
        for headerFields: HTTPFields in [
            [.ifMatch: "\"x\""], [.ifMatch: "W/\(Self.tag)"], [.ifMatch: "garbage"], [.ifUnmodifiedSince: "Sun, 06 Nov 1994 08:36:39 GMT"],
        ] {
            let error = #expect(throws: APIError.self) { try choice(headerFields) }
            #expect(error?.status == .preconditionFailed)
        }
    }

    @Test("a part comes with its place")
    func part() throws {
        let head = try DownloadRequest([.range: "bytes=-3"], isHead: false, limit: 10, now: Self.now).head(for: Self.version)
        #expect(head.status == .partialContent)
        #expect(head.headerFields[.contentRange] == "bytes 7-9/10")
        #expect(head.headerFields[.contentLength] == "3")
        #expect(head.headerFields[.eTag] == Self.tag)
    }

    @Test("a range that isn't there is refused with the size")
    func unsatisfiable() throws {
        let error = #expect(throws: APIError.self) { try choice([.range: "bytes=10-"]) }
        #expect(error?.status == .rangeNotSatisfiable)
        #expect(error?.headerFields[.contentRange] == "bytes */10")
        let empty = #expect(throws: APIError.self) { try choice([.range: "bytes=0-"], of: FileVersion(size: 0, modified: 0)) }
        #expect(empty?.headerFields[.contentRange] == "bytes */0")
    }

    @Test("ranges that are not understood, and those of HEAD, are ignored")
    func ignored() throws {
        for text in ["bytes=0-1,3-4", "lines=1-2", "bytes=4-2"] { #expect(try choice([.range: text]) == .whole) }
        #expect(try choice([.range: "bytes=20-"], isHead: true) == .whole)
        #expect(try DownloadRequest([:], isHead: true, limit: 10, now: Self.now).range(of: Self.version) == nil)
    }

    @Test("If-Range gives the part only of the very version that it names")
    func ifRange() throws {
        func choice(_ ifRange: String, of version: FileVersion = Self.version) throws -> DownloadRequest.Choice {
            try self.choice([.range: "bytes=0-0", .ifRange: ifRange], of: version)
        }
        #expect(try choice(Self.tag) == .part(0..<1))
        #expect(try choice(Self.modified) == .part(0..<1))
        for text in ["\"x\"", "W/\(Self.tag)", "\(Self.tag), \"x\"", "Sun, 06 Nov 1994 08:36:41 GMT", "garbage"] { #expect(try choice(text) == .whole, "\(text)") }
        let recent = FileVersion(size: 10, modified: Self.now.seconds)
        #expect(try choice("Sun, 06 Nov 1994 08:49:37 GMT", of: recent) == .whole)
    }

    @Test("the limit counts what is sent, not what is there")
    func limit() throws {
        for isHead in [false, true] {
            let error = #expect(throws: APIError.self) { try choice([:], isHead: isHead, limit: 9) }
            #expect(error?.status == .contentTooLarge)
        }
        #expect(try choice([.range: "bytes=1-9"], limit: 9) == .part(1..<10))
        let error = #expect(throws: APIError.self) { try choice([.range: "bytes=0-9"], limit: 9) }
        #expect(error?.status == .contentTooLarge)
        #expect(try choice([.ifNoneMatch: Self.tag], limit: 9) == .notModified)
    }
}
