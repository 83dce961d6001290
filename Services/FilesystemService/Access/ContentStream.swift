import AsyncAlgorithms
import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// The content of a file on its way from a system: what must be known before it first, then its bytes, no faster than they are taken.
///
/// An HTTP answer needs its status before its body is written, and its body is written after the handler has returned; so the reading goes on in
/// a task of its own. It ends with the content, with ``cancel()``, when its time is over, or when nobody holds the stream any more.
final class ContentStream<Head: Sendable>: Sendable {
    /// What the reading task reports.
    enum Piece: Sendable {
        case head(Head)
        case bytes(ByteBuffer)
    }

    let head: Head
    private let pieces: AsyncThrowingChannel<Piece, any Error>
    private let reading: Task<Void, Never>

    /// Starts reading and waits for the head.
    ///
    /// - Parameters:
    ///   - time: For all of it: a client that stops taking bytes must not hold the connection to the system for ever.
    ///   - read: Gives the function that it gets first the head and then the bytes. Its error before the head is thrown here.
    ///   - headTime: For the head alone; nil for no time of its own.
    init(
        within time: Duration, headWithin headTime: Duration? = nil,
        _ read: @escaping @Sendable (_ report: @escaping @Sendable (Piece) async throws -> Void) async throws -> Void
    ) async throws {
        let pieces = AsyncThrowingChannel<Piece, any Error>()
        let reading = Task {
            do {
                try await Self.run(within: time) {
                    try await read { piece in
                        try Task.checkCancellation()
                        await pieces.send(piece)
                    }
                }
                pieces.finish()
            } catch {
                pieces.fail(error)
            }
        }
        self.pieces = pieces
        self.reading = reading
        do {
            head = try await withTaskCancellationHandler {
                guard let headTime else { return try await Self.head(of: pieces) }
                return try await Self.run(within: headTime) { try await Self.head(of: pieces) }
            } onCancel: {
                reading.cancel()
            }
        } catch {
            reading.cancel()
            throw error
        }
    }

    private static func head(of pieces: AsyncThrowingChannel<Piece, any Error>) async throws -> Head {
        var iterator = pieces.makeAsyncIterator()
        guard case .head(let head)? = try await iterator.next() else {
            throw APIError(.internalServerError, "Nothing is known of the file")
        }
        return head
    }

    /// Hands over the content; to be called once.
    func forEach(_ body: (ByteBuffer) async throws -> Void) async throws {
        while let bytes = try await next() { try await body(bytes) }
    }

    /// The next bytes of the content; nil at its end. Asked by one task at a time.
    func next() async throws -> ByteBuffer? {
        var iterator = pieces.makeAsyncIterator()
        while let piece = try await iterator.next() {
            if case .bytes(let bytes) = piece { return bytes }
        }
        return nil
    }

    private static func run<Result: Sendable>(
        within time: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: time)
                throw APIError(.requestTimeout, "Reading the file took longer than \(time)")
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    func cancel() {
        reading.cancel()
    }

    deinit {
        reading.cancel()
    }
}
