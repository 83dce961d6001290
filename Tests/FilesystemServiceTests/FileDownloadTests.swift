import GoldcrestProtocol
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import FilesystemService

@Suite("Downloads on their way")
struct FileDownloadTests {
    @Test("the size comes first, then the content in order")
    func content() async throws {
        let download = try await FileDownload(within: .seconds(20)) { report in
            try await report(.size(3))
            for text in ["a", "b", "c"] { try await report(.bytes(ByteBuffer(string: text))) }
        }
        #expect(download.size == 3)
        var content = ""
        try await download.forEach { content += String(buffer: $0) }
        #expect(content == "abc")
    }

    @Test("an error before the size is thrown at once")
    func early() async {
        await #expect(throws: APIError(.notFound, "gone")) {
            _ = try await FileDownload(within: .seconds(20)) { _ in throw APIError(.notFound, "gone") }
        }
    }

    @Test("an error behind the size ends the content")
    func late() async throws {
        let download = try await FileDownload(within: .seconds(20)) { report in
            try await report(.size(3))
            throw APIError(.internalServerError, "shorter")
        }
        await #expect(throws: APIError(.internalServerError, "shorter")) { try await download.forEach { _ in } }
    }

    @Test("nothing is read ahead of a client that takes nothing, and its time ends")
    func stalled() async throws {
        let reported = Mutex(0)
        let (ended, end) = AsyncStream<Void>.makeStream()
        let download = try await FileDownload(within: .milliseconds(50)) { report in
            defer { end.finish() }
            try await report(.size(1000))
            for _ in 0..<1000 {
                try await report(.bytes(ByteBuffer(string: "x")))
                reported.withLock { $0 += 1 }
            }
        }
        for await _ in ended {}
        #expect(reported.withLock { $0 } <= 1)
        await #expect(throws: (any Error).self) { try await download.forEach { _ in } }
    }

    @Test("a download that nobody holds stops reading")
    func dropped() async throws {
        let (ended, end) = AsyncStream<Void>.makeStream()
        do {
            _ = try await FileDownload(within: .seconds(600)) { report in
                defer { end.finish() }
                try await report(.size(1000))
                while true { try await report(.bytes(ByteBuffer(string: "x"))) }
            }
        }
        for await _ in ended {}
    }
}
