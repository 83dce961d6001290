import GoldcrestProtocol
import NIOCore
import Testing

@testable import FilesystemService

@Suite("Upload forms")
struct UploadFormTests {
    private func form(_ body: String, step: Int = 5) -> UploadForm<AsyncStream<ByteBuffer>> {
        let bytes = Array(body.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: step).map { ByteBuffer(bytes: bytes[$0..<min($0 + step, bytes.count)]) }
        let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
        for piece in pieces { continuation.yield(piece) }
        continuation.finish()
        return UploadForm(stream, boundary: "XX")
    }

    private func part(_ name: String, fileName: String?, _ content: String) -> String {
        "--XX\r\nContent-Disposition: form-data; name=\"\(name)\"" + (fileName.map { "; filename=\"\($0)\"" } ?? "") + "\r\n\r\n\(content)\r\n"
    }

    private func content(of form: inout UploadForm<AsyncStream<ByteBuffer>>) async throws -> String {
        var content = ""
        while let piece = try await form.next() { content += String(buffer: piece) }
        return content
    }

    @Test("the file is found between other fields")
    func found() async throws {
        var form = form(part("note", fileName: nil, "1") + part("file", fileName: "a.txt", "hello") + part("more", fileName: nil, "2") + "--XX--")
        #expect(try await form.fileName().bytes == Array("a.txt".utf8))
        #expect(try await content(of: &form) == "hello")
    }

    @Test("an empty file is a file")
    func empty() async throws {
        var form = form(part("file", fileName: "a.txt", "") + "--XX--\r\n")
        #expect(try await form.fileName().bytes == Array("a.txt".utf8))
        #expect(try await content(of: &form) == "")
    }

    @Test("a form without the file, or with a field instead of a file, is refused")
    func missing() async {
        for body in ["--XX--", part("note", fileName: "x", "1") + "--XX--", part("file", fileName: nil, "1") + "--XX--", ""] {
            var form = form(body)
            await #expect(throws: APIError.self) { try await form.fileName() }
        }
    }

    @Test("a second file is noticed before the content is said to be complete")
    func second() async throws {
        var form = form(part("file", fileName: "a", "1") + part("file", fileName: "b", "2") + "--XX--")
        _ = try await form.fileName()
        #expect(try await form.next() != nil)
        await #expect(throws: APIError.self) { try await form.next() }
    }

    @Test("a body that ends early is never said to be complete")
    func truncated() async throws {
        let whole = part("file", fileName: "a", "hello") + part("note", fileName: nil, "2") + "--XX--"
        let head = part("file", fileName: "a", "").utf8.count - 2
        for length in head..<whole.utf8.count {
            var form = form(String(decoding: whole.utf8.prefix(length), as: UTF8.self))
            _ = try await form.fileName()
            await #expect(throws: APIError.self) { _ = try await content(of: &form) }
        }
    }

    @Test("other fields have a bound")
    func longField() async {
        var form = form(part("note", fileName: nil, String(repeating: "x", count: 100_000)) + part("file", fileName: "a", "1"), step: 1000)
        await #expect(throws: APIError.self) { try await form.fileName() }
    }
}
