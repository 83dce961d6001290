import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// Finds which bytes of a file an excerpt is, reading as little as that takes: lines are counted from the end where they are nearer.
struct ExcerptSearch<File: RandomAccessFile> {
    private let excerpt: Excerpt
    private let file: File
    /// In bytes.
    private let size: Int
    /// The most bytes of an excerpt.
    private let limit: Int
    /// What was read last, beginning at ``offset``: mostly all that is shown.
    private var lastRead: ByteBuffer
    private var offset: Int

    private static var firstBlock: Int { 8 * 1024 }
    private static var nextBlock: Int { 64 * 1024 }
    private static var largestBlock: Int { 1024 * 1024 }

    /// What is to be read first of a file: the block at the end from which the search goes on.
    static func firstRange(of excerpt: Excerpt, size: Int) -> Range<Int> {
        switch (excerpt.unit, excerpt.edge, excerpt.extent) {
        case (_, .tail, .first), (.lines, .head, .allBut): max(0, size - firstBlock)..<size
        case (_, .head, _), (_, .tail, .allBut): 0..<min(size, firstBlock)
        }
    }

    /// - Parameter firstRead: All bytes of ``firstRange(of:size:)``.
    init(_ excerpt: Excerpt, of file: File, size: Int, limit: Int, firstRead: ByteBuffer) {
        self.excerpt = excerpt
        self.file = file
        self.size = size
        self.limit = limit
        lastRead = firstRead
        offset = Self.firstRange(of: excerpt, size: size).lowerBound
    }

    /// - Throws: ``APIError`` 413 for an excerpt over the limit, as soon as that is known; what reading throws.
    mutating func range() async throws -> Range<Int> {
        let count = excerpt.count
        let range =
            switch (excerpt.unit, excerpt.edge, excerpt.extent) {
            case (.bytes, .head, .first): 0..<min(count, size)
            case (.bytes, .head, .allBut): 0..<max(0, size - count)
            case (.bytes, .tail, .first): max(0, size - count)..<size
            case (.bytes, .tail, .allBut): min(count, size)..<size
            case (.lines, .head, .first): 0..<(try await end(ofFirst: count, atMost: limit))
            case (.lines, .head, .allBut): 0..<(try await start(ofLast: count, atMost: size))
            case (.lines, .tail, .first): try await start(ofLast: count, atMost: limit)..<size
            case (.lines, .tail, .allBut): try await end(ofFirst: count, atMost: size)..<size
            }
        guard range.count <= limit else { throw APIError.excerptTooLarge(limit: limit) }
        return range
    }

    /// The bytes of a range if they are among those read last.
    func bytes(of range: Range<Int>) -> ByteBuffer? {
        guard range.lowerBound >= offset else { return nil }
        return lastRead.getSlice(at: lastRead.readerIndex + range.lowerBound - offset, length: range.count)
    }

    // MARK: - Lines

    /// Where so many lines from the beginning end; the file's end if it has no more.
    private func end(ofFirst count: Int, atMost bound: Int) async throws -> Int {
        if count == 0 { return 0 }
        var missing = count
        if let end = lastRead.withUnsafeReadableBytes({ Newlines.end(ofLine: &missing, in: $0) }) { return end }
        var position = lastRead.readableBytes
        guard position < size else { return size }
        do {
            _ = try await file.forEachPiece(of: UInt64(position)..<UInt64(size)) { piece in
                if let end = piece.withUnsafeReadableBytes({ Newlines.end(ofLine: &missing, in: $0) }) { throw Found(position: position + end) }
                position += piece.readableBytes
                guard position <= bound else { throw APIError.excerptTooLarge(limit: limit) }
            }
        } catch let found as Found {
            return found.position
        }
        return position
    }

    /// Where so many lines at the end begin; an end without a newline is a line as well. The file's beginning if it has no more.
    private mutating func start(ofLast count: Int, atMost bound: Int) async throws -> Int {
        if count == 0 || size == 0 { return size }
        var missing = count
        var blockSize = Self.nextBlock
        // The newline at the very end belongs to the last line: it is read, but not counted.
        var end = size - 1
        while true {
            let start = lastRead.withUnsafeReadableBytes { bytes in
                Newlines.start(ofLine: &missing, in: UnsafeRawBufferPointer(rebasing: bytes.prefix(end - offset)))
            }
            if let start { return offset + start }
            if offset == 0 { return 0 }
            end = offset
            guard size - end <= bound else { throw APIError.excerptTooLarge(limit: limit) }
            try await read(max(0, end - blockSize)..<end)
            blockSize = min(2 * blockSize, Self.largestBlock)
        }
    }

    private mutating func read(_ range: Range<Int>) async throws {
        lastRead = try await file.read(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        offset = range.lowerBound
        guard lastRead.readableBytes == range.count else {
            throw APIError(.internalServerError, "The file became shorter while it was read")
        }
    }

    private struct Found: Error {
        let position: Int
    }
}
