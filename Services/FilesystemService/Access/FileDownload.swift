import AsyncAlgorithms
import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// The content of a file on its way from a system: its size first, then its bytes, no faster than they are taken.
///
/// An HTTP answer needs the size before its body is written, and its body is written after the handler has returned; so the reading goes on in a
/// task of its own. It ends with the content, with ``cancel()``, when its time is over, or when nobody holds the download any more.
final class FileDownload: Sendable {
    /// What the reading task reports.
    enum Piece: Sendable {
        case size(Int)
        case bytes(ByteBuffer)
    }

    let size: Int
    private let pieces: AsyncThrowingChannel<Piece, any Error>
    private let reading: Task<Void, Never>

    /// Starts reading and waits for the size.
    ///
    /// - Parameters:
    ///   - time: For all of it: a client that stops taking bytes must not hold the connection to the system for ever.
    ///   - read: Gives the function that it gets first the size and then that many bytes. Its error before the size is thrown here.
    init(
        within time: Duration, _ read: @escaping @Sendable (_ report: @Sendable (Piece) async throws -> Void) async throws -> Void
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
            size = try await withTaskCancellationHandler {
                var iterator = pieces.makeAsyncIterator()
                guard case .size(let size)? = try await iterator.next() else {
                    throw APIError(.internalServerError, "The file's size is not known")
                }
                return size
            } onCancel: {
                reading.cancel()
            }
        } catch {
            reading.cancel()
            throw error
        }
    }

    /// Hands over the content; to be called once.
    func forEach(_ body: (ByteBuffer) async throws -> Void) async throws {
        for try await piece in pieces {
            if case .bytes(let bytes) = piece { try await body(bytes) }
        }
    }

    private static func run(within time: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: time)
                throw APIError(.requestTimeout, "The download took longer than \(time)")
            }
            try await group.next()
        }
    }

    func cancel() {
        reading.cancel()
    }

    deinit {
        reading.cancel()
    }
}
