import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// Where in a file somebody begins to follow it.
enum FollowStart: Sendable {
    case excerpt(Excerpt)
    /// Where an earlier request broke off.
    case resumption(Int)

    private static let firstBlock = 16 * 1024
    private static let furtherBlock = 256 * 1024

    /// The offset at which the content begins, and whether that is not where it broke off, as the file became shorter since.
    ///
    /// - Throws: ``APIError`` 413 when there are more bytes than the operation's limit between the line that is looked for and the file's end, or
    ///   its beginning where lines are skipped there.
    func offset(for operation: FileOperation) async throws -> (offset: Int, isRestart: Bool) {
        switch self {
        case .resumption(let offset):
            let size = try await Self.size(for: operation)
            return offset <= size ? (offset, false) : (0, true)
        case .excerpt(let excerpt):
            return (try await Self.offset(of: excerpt, for: operation), false)
        }
    }

    private static func offset(of excerpt: Excerpt, for operation: FileOperation) async throws -> Int {
        switch (excerpt.unit, excerpt.extent) {
        case (_, .first) where excerpt.count == 0: try await size(for: operation)
        case (.bytes, .first): max(0, try await size(for: operation) - excerpt.count)
        case (.bytes, .allBut): min(excerpt.count, try await size(for: operation))
        case (.lines, .first): try await offset(ofLast: excerpt.count, for: operation)
        case (.lines, .allBut): try await offset(behind: excerpt.count, for: operation)
        }
    }

    private static func size(for operation: FileOperation) async throws -> Int {
        try await operation.files.open(operation.path, as: operation.user) { _ in nil }.head.version.size
    }

    private static func offset(ofLast lines: Int, for operation: FileOperation) async throws -> Int {
        var search = LineCount.Backward(last: lines)
        var end: Int?
        while true {
            let (known, length) = (end, end == nil ? firstBlock : furtherBlock)
            let stream = try await operation.files.open(operation.path, as: operation.user) { version in
                let end = min(known ?? version.size, version.size)
                return max(0, end - length)..<end
            }
            guard let range = stream.head.range, !range.isEmpty else { return 0 }
            var block = ByteBuffer()
            while let bytes = try await stream.next() { block.writeImmutableBuffer(bytes) }
            if let start = search.start(in: block.readableBytesView) { return range.lowerBound + start }
            guard range.lowerBound > 0 else { return 0 }
            guard stream.head.version.size - range.lowerBound <= operation.maximumSize else { throw tooMuch(operation) }
            end = range.lowerBound
        }
    }

    private static func offset(behind lines: Int, for operation: FileOperation) async throws -> Int {
        var search = LineCount.Forward(skipping: lines)
        let limit = operation.maximumSize
        let stream = try await operation.files.open(operation.path, as: operation.user) { 0..<min(limit, $0.size) }
        defer { stream.cancel() }
        var offset = 0
        while let bytes = try await stream.next() {
            if let start = search.start(in: bytes.readableBytesView) { return offset + start }
            offset += bytes.readableBytes
        }
        guard offset == stream.head.version.size else { throw tooMuch(operation) }
        return offset
    }

    private static func tooMuch(_ operation: FileOperation) -> APIError {
        APIError(
            .contentTooLarge,
            "The line to begin with is further than \(operation.maximumSize) bytes away, the system's limit for file operations; say in bytes where to begin")
    }
}
