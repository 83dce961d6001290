import GoldcrestProtocol
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import FilesystemService

@Suite("Content on its way")
struct ContentStreamTests {
    @Test("the head comes first, then the content in order")
    func content() async throws {
        let stream = try await ContentStream<Int>(within: .seconds(20)) { report in
            try await report(.head(3))
            for text in ["a", "b", "c"] { try await report(.bytes(ByteBuffer(string: text))) }
        }
        #expect(stream.head == 3)
        var content = ""
        try await stream.forEach { content += String(buffer: $0) }
        #expect(content == "abc")
    }

    @Test("an error before the head is thrown at once")
    func early() async {
        await #expect(throws: APIError(.notFound, "gone")) {
            _ = try await ContentStream<Int>(within: .seconds(20)) { _ in throw APIError(.notFound, "gone") }
        }
    }

    @Test("an error behind the head ends the content")
    func late() async throws {
        let stream = try await ContentStream<Int>(within: .seconds(20)) { report in
            try await report(.head(3))
            throw APIError(.internalServerError, "shorter")
        }
        await #expect(throws: APIError(.internalServerError, "shorter")) { try await stream.forEach { _ in } }
    }

    @Test("nothing is read ahead of a client that takes nothing, and its time ends")
    func stalled() async throws {
        let reported = Mutex(0)
        let (ended, end) = AsyncStream<Void>.makeStream()
        let stream = try await ContentStream<Int>(within: .milliseconds(50)) { report in
            defer { end.finish() }
            try await report(.head(1000))
            for _ in 0..<1000 {
                try await report(.bytes(ByteBuffer(string: "x")))
                reported.withLock { $0 += 1 }
            }
        }
        for await _ in ended {}
        #expect(reported.withLock { $0 } <= 1)
        await #expect(throws: (any Error).self) { try await stream.forEach { _ in } }
    }

    @Test("a stream that nobody holds stops reading")
    func dropped() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        do {
            _ = try await ContentStream<Int>(within: .seconds(600)) { report in
                defer { end.finish() }
                try await report(.head(1000))
                while true { try await report(.bytes(ByteBuffer(string: "x"))) }
            }
        }
        for await _ in ended {}
    }
}
