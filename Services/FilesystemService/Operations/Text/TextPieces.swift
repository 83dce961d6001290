import GoldcrestProtocol
import GoldcrestServiceKit
import NIOCore

/// The answer with the text of a file, written as its content comes.
struct TextPieces<Head: Sendable>: AsyncIteratorProtocol, Sendable {
    private enum State {
        case beginning
        case content
        case end
    }

    private let stream: ContentStream<Head>
    /// What the text is an excerpt of; nil for an answer with nothing but the text.
    private let excerpt: Excerpt?
    private var json = JSONWriter()
    private var state = State.beginning

    init(_ stream: ContentStream<Head>, excerpt: Excerpt? = nil) {
        self.stream = stream
        self.excerpt = excerpt
    }

    mutating func next() async throws -> ByteBuffer? {
        switch state {
        case .beginning: begin()
        case .content: break
        case .end: return nil
        }
        if let bytes = try await stream.next() {
            json.append(bytes)
        } else {
            end()
        }
        return json.take()
    }

    private mutating func begin() {
        json.beginObject()
        json.key("output")
        if excerpt != nil {
            json.beginObject()
            json.key("content")
        }
        json.beginText()
        state = .content
    }

    private mutating func end() {
        json.endText()
        if let excerpt {
            json.key("contentType")
            json.string(excerpt.unit.rawValue)
            json.key("startPosition")
            json.integer(excerpt.startPosition)
            json.key("endPosition")
            json.integer(excerpt.endPosition)
            json.endObject()
        }
        json.endObject()
        state = .end
    }
}
