import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// A multipart form that holds exactly one file, in its field `file`, read while it arrives.
///
/// Ask for ``fileName()`` first; then the form is the sequence of the file's content, to be read once. Only at that sequence's end is the form
/// known to be complete and well formed; whatever the content is used for must not become visible before.
struct UploadForm<Body: AsyncSequence>: AsyncSequence, AsyncIteratorProtocol where Body.Element == ByteBuffer {
    static var field: String { "file" }
    /// What other fields may hold together, in bytes. They are ignored.
    private static var maximumIgnoredLength: Int { 64 * 1024 }

    private var body: Body.AsyncIterator
    private var parser: MultipartParser
    private var ignoredLength = 0

    init(_ body: Body, boundary: String) {
        self.body = body.makeAsyncIterator()
        parser = MultipartParser(boundary: boundary)
    }

    /// Reads up to the beginning of the file's content.
    ///
    /// - Returns: The name that the client gives the file.
    /// - Throws: ``APIError`` 400 when there is no file, or its name is none.
    mutating func fileName() async throws -> FileName {
        while let event = try await nextEvent() {
            switch event {
            case .part(let part) where part.name == Self.field:
                guard let name = part.fileName else { throw APIError(.badRequest, "The field `file` has no file name") }
                return try FileName(name)
            case .content(let content):
                try ignore(content)
            case .part, .endOfPart:
                continue
            case .end:
                throw APIError(.badRequest, "The form has no field `file`")
            }
        }
        throw APIError(.badRequest, "The form has no field `file`")
    }

    func makeAsyncIterator() -> Self { self }

    /// The next piece of the file's content; nil after the last one, when the rest of the form has been read as well.
    mutating func next() async throws -> ByteBuffer? {
        switch try await nextEvent() {
        case .content(let content):
            return content
        default:
            try await readRest()
            return nil
        }
    }

    private mutating func readRest() async throws {
        while let event = try await nextEvent() {
            switch event {
            case .part(let part):
                guard part.name != Self.field else { throw APIError(.badRequest, "The form has more than one field `file`") }
            case .content(let content):
                try ignore(content)
            case .endOfPart:
                continue
            case .end:
                // What follows is no part of the form, and its length has no bound.
                return
            }
        }
    }

    private mutating func ignore(_ content: ByteBuffer) throws {
        ignoredLength += content.readableBytes
        guard ignoredLength <= Self.maximumIgnoredLength else {
            throw APIError(.badRequest, "The fields beside `file` are longer than \(Self.maximumIgnoredLength) bytes")
        }
    }

    /// Nil behind the closing delimiter.
    private mutating func nextEvent() async throws -> MultipartParser.Event? {
        while true {
            if let event = try parser.next() { return event }
            guard let bytes = try await body.next() else {
                try parser.finish()
                return nil
            }
            parser.receive(bytes)
        }
    }
}
