import GoldcrestProtocol
import NIOCore
import Testing

@testable import FilesystemService

@Suite("Multipart bodies")
struct MultipartParserTests {
    private static let simple =
        "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--XX--\r\n"

    /// What a body means, contents put together.
    private func read(_ body: [UInt8], boundary: String = "XX", step: Int) throws -> [(part: MultipartPart, content: [UInt8])] {
        var parser = MultipartParser(boundary: boundary)
        var parts: [(part: MultipartPart, content: [UInt8])] = []
        var start = 0
        while start < body.count {
            parser.receive(ByteBuffer(bytes: body[start..<min(start + step, body.count)]))
            start += step
            while let event = try parser.next() {
                switch event {
                case .part(let part): parts.append((part, []))
                case .content(let bytes):
                    #expect(bytes.readableBytes > 0)
                    parts[parts.count - 1].content += bytes.readableBytesView
                case .endOfPart, .end: break
                }
            }
        }
        try parser.finish()
        return parts
    }

    @Test("a form reads the same however it is cut into pieces", arguments: [1, 2, 3, 7, 16, 1000])
    func pieces(step: Int) throws {
        let content = "line\r\n--X\r\n--XY\r\n-\r\r\n--X"
        let body =
            "preamble\r\n--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n\r\n--XX \t\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n\(content)\r\n--XX--epilogue"
        let parts = try read(Array(body.utf8), step: step)
        #expect(parts.map(\.part) == [MultipartPart(name: "note", fileName: nil), MultipartPart(name: "file", fileName: Array("a".utf8))])
        #expect(parts.map { String(decoding: $0.content, as: UTF8.self) } == ["", content])
    }

    @Test("content may hold every byte", arguments: [1, 5, 300])
    func binary(step: Int) throws {
        let content = (0..<2048).map { UInt8(truncatingIfNeeded: $0 &* 13) } + [13, 10, 45, 45, 88]
        let head = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
        let parts = try read(Array(head.utf8) + content + Array("\r\n--XX--".utf8), step: step)
        #expect(parts.first?.content == content)
    }

    @Test("every truncation of a form is refused")
    func truncated() {
        let body = Array(Self.simple.utf8).dropLast(4)
        for length in 0..<body.count {
            #expect(throws: APIError.self, "\(length) bytes") { try read(Array(body.prefix(length)), step: 10) }
        }
    }

    @Test("a body that never shows the boundary is refused before it is held")
    func endlessPreamble() throws {
        var parser = MultipartParser(boundary: "XX")
        #expect(throws: APIError.self) {
            for _ in 0..<100 {
                parser.receive(ByteBuffer(repeating: 0x61, count: 1000))
                while try parser.next() != nil {}
            }
        }
    }

    @Test("a header that is too long is refused", arguments: [100, 100_000])
    func endlessHeader(step: Int) {
        let body = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + String(repeating: "a", count: 20_000)
        #expect(throws: APIError.self) { try read(Array(body.utf8), step: step) }
    }

    @Test("text behind a delimiter is refused", arguments: ["--XXY\r\n", "--XX-\r\n", "--XX\n", "--XX Y\r\n"])
    func brokenDelimiter(line: String) {
        #expect(throws: APIError.self) { try read(Array((line + String(Self.simple.dropFirst(6))).utf8), step: 1000) }
    }

    @Test("a part without a usable Content-Disposition is refused", arguments: [
        "", "Content-Type: text/plain", "Content-Disposition: attachment; name=\"file\"", "Content-Disposition: form-data",
        "Content-Disposition: form-data; name=\"file", "Content-Disposition: form-data; filename=\"x\"",
        "Content-Disposition: form-data; name=\"file\" junk",
    ])
    func disposition(field: String) {
        #expect(throws: APIError.self) { try MultipartPart(header: Array(field.utf8)) }
    }

    @Test("a file name that isn't UTF-8 is not changed")
    func invalidUTF8() throws {
        let field = Array("Content-Disposition: form-data; name=\"file\"; filename=\"".utf8) + [0xFF] + Array("\"".utf8)
        #expect(try MultipartPart(header: field).fileName == [0xFF])
    }

    @Test(
        "a file name is read as clients write it",
        arguments: [
            (#"filename="plain.txt""#, "plain.txt"), (#"filename=token"#, "token"), (#"filename="a b;c.txt""#, "a b;c.txt"),
            (#"filename="say \"hi\"""#, #"say "hi""#), (#"filename="a\\b""#, #"a\b"#), (#"filename="a\b""#, #"a\b"#),
            (#"filename="say %22hi%22""#, #"say "hi""#), (#"filename="line%0D%0Aend%09x""#, "line\r\nend\tx"),
            (#"filename="100%25 100% %zz""#, "100%25 100% %zz"), (#"filename="ünï.txt""#, "ünï.txt"),
            (#"filename="fallback"; filename*=UTF-8''%C3%BCn%C3%AF%20%27x"#, "ünï 'x"), (#"FileName="x""#, "x"), (#"filename="""#, ""),
        ])
    func fileNames(parameter: String, name: String) throws {
        let part = try MultipartPart(header: Array("content-disposition:form-data; name=\"file\"; \(parameter)\r\nX: y".utf8))
        #expect(part == MultipartPart(name: "file", fileName: Array(name.utf8)))
    }

    @Test("a malformed extended file name is refused", arguments: ["x", "UTF-8'x", "ISO-8859-1''%E9", "UTF-8''%FF"])
    func extended(value: String) {
        #expect(throws: APIError.self) { try MultipartPart(header: Array("Content-Disposition: form-data; name=file; filename*=\(value)".utf8)) }
    }

    @Test("the boundary is read from the content type")
    func boundary() throws {
        #expect(try MultipartBoundary.read(fromContentType: "multipart/form-data; boundary=XX") == "XX")
        #expect(try MultipartBoundary.read(fromContentType: "Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\"") == "a b:c")
    }

    @Test("a content type without a usable boundary is refused", arguments: [
        nil, "", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=ü", "multipart/form-data; boundary=\(String(repeating: "x", count: 71))", "multipart/mixed; boundary=x",
    ])
    func noBoundary(contentType: String?) {
        #expect(throws: APIError.self) { try MultipartBoundary.read(fromContentType: contentType) }
    }

    @Test("a file name is a single component", arguments: ["", ".", "..", "../x", "a/b", "/etc/passwd", "a\0b", String(repeating: "x", count: 256)])
    func badName(name: String) {
        #expect(throws: APIError.self) { try FileName(Array(name.utf8)) }
    }

    @Test("a file name may otherwise be anything", arguments: ["-rf", "$(id)", "a\nb", "...", " ", String(repeating: "x", count: 255)])
    func goodName(name: String) throws {
        #expect(try FileName(Array(name.utf8)).bytes == Array(name.utf8))
    }
}
