import Foundation
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import FilesystemService

@Suite("Which bytes of a file an excerpt is")
struct ExcerptSearchTests {
    private func content(of excerpt: Excerpt, in bytes: [UInt8], limit: Int = .max) async throws -> [UInt8] {
        var search = try await MemoryFile(bytes).search(for: excerpt, limit: limit)
        let range = try await search.range()
        let content = Array(bytes[range])
        if let known = search.bytes(of: range) { #expect(Array(known.readableBytesView) == content) }
        return content
    }

    @Test("random excerpts of random files are those of GNU head and tail", arguments: 0..<60)
    func sameAsCommands(seed: Int) async throws {
        var bytes: [UInt8] = []
        let size = [0, 1, 2, 10, 1000, 8191, 8192, 8193, 32_768, 73_728, 73_729, 65_536, 100_000, 300_000].randomElement() ?? 0
        let lineLength = [1, 2, 7, 80, 40_000].randomElement() ?? 1
        for _ in 0..<size { bytes.append(Int.random(in: 0..<lineLength) == 0 ? 0x0A : UInt8.random(in: .min ... .max)) }
        let counts = [0, 1, 2, 10, 399, 1250, 8191, 8192, 8193, 32_768, 32_769, 70_000, size, size + 1, max(0, size - 1)]
        let path = "\(NSTemporaryDirectory())/goldcrest-excerpt-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        for edge in [Excerpt.Edge.head, .tail] {
            for unit in [ContentUnit.lines, .bytes] {
                for isAllBut in [false, true] {
                    let count = counts.randomElement() ?? 0
                    let excerpt = try Excerpt(edge, lines: unit == .lines ? count : nil, bytes: unit == .bytes ? count : nil, skipping: isAllBut)
                    let expected = try Self.output(of: edge, unit, count, isAllBut, path)
                    let found = try await content(of: excerpt, in: bytes)
                    #expect(found == expected, "\(excerpt) of \(size) bytes, lines of \(lineLength)")
                }
            }
        }
    }

    private static func output(of edge: Excerpt.Edge, _ unit: ContentUnit, _ count: Int, _ isAllBut: Bool, _ path: String) throws -> [UInt8] {
        let sign = isAllBut ? (edge == .head ? "-" : "+") : ""
        let argument = "\(sign)\(isAllBut && edge == .tail ? count + 1 : count)"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/\(edge == .head ? "head" : "tail")")
        process.arguments = [unit == .lines ? "-n" : "-c", argument, "--", path]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return bytes
    }

    @Test("of a big file only the part near the edge is read")
    func readsLittle() async throws {
        let bytes = [UInt8](repeating: 0x0A, count: 5_000_000)
        for (edge, lines) in [(Excerpt.Edge.head, 10), (.tail, 10), (.head, -10)] {
            let file = MemoryFile(bytes)
            var search = try await file.search(for: try Excerpt(edge, lines: lines, bytes: nil, skipping: false))
            let range = try await search.range()
            #expect(range.count == (lines > 0 ? 10 : 4_999_990))
            #expect(file.bytesRead.withLock { $0 } <= 32 * 1024)
        }
    }

    @Test("an excerpt over the limit is refused before it is all read", arguments: [Excerpt.Edge.head, .tail])
    func overLimit(edge: Excerpt.Edge) async throws {
        let bytes = [UInt8](repeating: 0x61, count: 5_000_000)
        let file = MemoryFile(bytes)
        var search = try await file.search(for: try Excerpt(edge, lines: 1, bytes: nil, skipping: false), limit: 100_000)
        let error = await #expect(throws: APIError.self) { _ = try await search.range() }
        #expect(error?.status == .contentTooLarge)
        #expect(file.bytesRead.withLock { $0 } < 1_000_000)
    }

    @Test("exactly the limit is let through", arguments: [Excerpt.Edge.head, .tail])
    func atLimit(edge: Excerpt.Edge) async throws {
        let bytes = [UInt8](repeating: 0x61, count: 100_000)
        let excerpt = try Excerpt(edge, lines: 1, bytes: nil, skipping: false)
        let all = try await content(of: excerpt, in: bytes, limit: 100_000)
        #expect(all.count == 100_000)
        let error = await #expect(throws: APIError.self) { _ = try await content(of: excerpt, in: bytes, limit: 99_999) }
        #expect(error?.status == .contentTooLarge)
    }

    @Test("a file that shrinks while it is read is an error, not an excerpt of something else")
    func shrinking() async throws {
        let file = MemoryFile([UInt8](repeating: 0x61, count: 50_000))
        var search = try await file.search(for: try Excerpt(.tail, lines: 1, bytes: nil, skipping: false), size: 90_000)
        await #expect(throws: APIError.self) { _ = try await search.range() }
    }
}

/// A file in memory that counts what is read of it.
private final class MemoryFile: RandomAccessFile {
    private let content: ByteBuffer
    let bytesRead = Mutex(0)

    init(_ bytes: [UInt8]) {
        content = ByteBuffer(bytes: bytes)
    }

    /// - Parameter size: The file's when it was opened; nil for its size now.
    func search(for excerpt: Excerpt, size: Int? = nil, limit: Int = .max) async throws -> ExcerptSearch<MemoryFile> {
        let size = size ?? content.readableBytes
        let range = ExcerptSearch<MemoryFile>.firstRange(of: excerpt, size: size)
        let firstRead = try await read(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        return ExcerptSearch(excerpt, of: self, size: size, limit: limit, firstRead: firstRead)
    }

    func read(_ range: Range<UInt64>) async throws -> ByteBuffer {
        let range = range.clamped(to: 0..<UInt64(content.readableBytes))
        bytesRead.withLock { $0 += range.count }
        return content.getSlice(at: Int(range.lowerBound), length: range.count) ?? ByteBuffer()
    }

    func forEachPiece(of range: Range<UInt64>, _ body: (ByteBuffer) async throws -> Void) async throws -> UInt64 {
        var position = range.lowerBound
        while position < range.upperBound {
            let piece = try await read(position..<min(range.upperBound, position + 10_000))
            if piece.readableBytes == 0 { break }
            try await body(piece)
            position += UInt64(piece.readableBytes)
        }
        return position - range.lowerBound
    }
}
