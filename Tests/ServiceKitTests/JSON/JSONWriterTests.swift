import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@Suite("JSON written value by value")
struct JSONWriterTests {
    @Test("commas stand between values and members only")
    func commas() {
        var json = JSONWriter()
        json.beginObject()
        json.key("a")
        json.beginArray()
        json.integer(1)
        json.null()
        json.string("x\"")
        json.beginObject()
        json.endObject()
        json.endArray()
        json.key("b")
        json.beginText()
        json.append(ByteBuffer(bytes: [0x61, 0xC3]))
        json.append(ByteBuffer(bytes: [0xA9, 0xFF]))
        json.endText()
        json.key("c")
        json.integer(-2)
        json.endObject()
        #expect(String(buffer: json.take()) == "{\"a\":[1,null,\"x\\\"\",{}],\"b\":\"aé\u{FFFD}\",\"c\":-2}")
        #expect(json.count == 0)
    }

    private struct Pieces: AsyncIteratorProtocol, Sendable {
        struct Broken: Error {}

        var rest: Int
        var failing = false

        mutating func next() async throws -> ByteBuffer? {
            if rest == 0, failing { throw Broken() }
            guard rest > 0 else { return nil }
            rest -= 1
            return ByteBuffer(repeating: 0x31, count: 10_000)
        }
    }

    @Test("a short answer has its length, a long one comes in pieces", arguments: [(0, true), (1, true), (6, true), (7, false), (100, false)])
    func pieces(count: Int, isBuffered: Bool) async throws {
        let response = try await Response.json(Pieces(rest: count))
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.contentLength] == (isBuffered ? String(count * 10_000) : nil))
        #expect(response.body.contentLength == (isBuffered ? count * 10_000 : nil))
        let collector = Collector()
        try await response.body.write(collector)
        #expect(await collector.content.count == count * 10_000)
        #expect(await collector.isFinished)
    }

    @Test("an error at the beginning is thrown, a later one breaks the answer off")
    func errors() async throws {
        await #expect(throws: Pieces.Broken.self) { _ = try await Response.json(Pieces(rest: 1, failing: true)) }
        let response = try await Response.json(Pieces(rest: 20, failing: true))
        let collector = Collector()
        await #expect(throws: Pieces.Broken.self) { try await response.body.write(collector) }
        #expect(await !collector.isFinished)
    }

    private final class Collector: ResponseBodyWriter {
        private actor Content {
            var bytes = ByteBuffer()
            var isFinished = false

            func append(_ more: ByteBuffer) { bytes.writeImmutableBuffer(more) }
            func finish() { isFinished = true }
        }

        private let collected = Content()

        var content: ByteBufferView { get async { await collected.bytes.readableBytesView } }
        var isFinished: Bool { get async { await collected.isFinished } }

        func write(_ buffer: ByteBuffer) async throws { await collected.append(buffer) }
        func finish(_ trailingHeaders: HTTPFields?) async throws { await collected.finish() }
    }
}
