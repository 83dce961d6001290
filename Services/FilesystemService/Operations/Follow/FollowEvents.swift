import GoldcrestProtocol
import GoldcrestServiceKit
import NIOCore

/// What is appended to a file as server-sent events (WHATWG HTML, section 9.2). The id of each is the offset behind its content.
struct FollowEvents: Sendable {
    /// Behind the last byte that was received.
    private var position: Int
    private var text = JSONTextEncoder()

    /// - Parameter position: Where the content begins.
    init(from position: Int) {
        self.position = position
    }

    /// Keeps proxies and clients from taking silence for a broken connection.
    static let heartbeat = ByteBuffer(string: ":\n\n")

    /// - Returns: Empty when the bytes are less than a character.
    mutating func content(_ bytes: ByteBuffer) -> ByteBuffer {
        position += bytes.readableBytes
        var escaped = ByteBuffer()
        text.append(bytes, to: &escaped)
        return escaped.readableBytes == 0 ? escaped : event(content: escaped)
    }

    /// The file was truncated or replaced: what comes is the content from its beginning.
    mutating func restart() -> ByteBuffer {
        var event = end()
        position = 0
        event.writeString("event: restart\nid: 0\ndata: {\"position\":0}\n\n")
        return event
    }

    /// What was held back, as the rest of its character didn't come; empty when there is nothing.
    mutating func end() -> ByteBuffer {
        guard text.heldByteCount > 0 else { return ByteBuffer() }
        var escaped = ByteBuffer()
        text.finish(to: &escaped)
        return event(content: escaped)
    }

    private func event(content: ByteBuffer) -> ByteBuffer {
        // A client that resumes here gets the bytes again that were held back.
        var event = ByteBuffer(string: "id: \(position - text.heldByteCount)\ndata: {\"content\":\"")
        event.writeImmutableBuffer(content)
        event.writeStaticString("\"}\n\n")
        return event
    }

    /// The last event of a stream that ends for a reason.
    static func failure(_ error: APIError, user: String) -> ByteBuffer {
        let body = (try? JSONDocument(encoding: error.body(user: user)).bytes) ?? ByteBuffer(string: "{}")
        var event = ByteBuffer(string: "event: error\ndata: ")
        event.writeImmutableBuffer(body)
        event.writeStaticString("\n\n")
        return event
    }
}
