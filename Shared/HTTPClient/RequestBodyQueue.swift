import DequeModule
import NIOCore
import Synchronization

/// The pieces of a streamed request body on their way from the caller's sequence to curl, bounded.
final class RequestBodyQueue: Sendable {
    enum Reading {
        case bytes(Int)
        case end
        /// Nothing there yet; ``Transfer/resumeSending()`` tells when.
        case wait
    }

    /// The sequence is not asked for more while this many bytes wait.
    private static let bufferLimit = 256 * 1024

    private struct State {
        var pieces: Deque<ByteBuffer> = []
        var bytes = 0
        var isAtEnd = false
        var isClosed = false
        var curlWaits = false
        var wasRead = false
        var room: CheckedContinuation<Void, any Error>?
        var filling: Task<Void, Never>?

        mutating func takeCurlWaits() -> Bool {
            defer { curlWaits = false }
            return curlWaits
        }
    }

    private let length: Int?
    private let state = Mutex(State())

    init(length: Int?) {
        self.length = length
    }

    /// Whether curl has taken bytes that cannot be had again.
    var wasRead: Bool { state.withLock { $0.wasRead } }

    /// Reads the sequence in a task of its own until its end or that of the transfer.
    func fill(from sequence: any AsyncSequence<ByteBuffer, any Error> & Sendable, of transfer: Transfer) {
        let task = Task {
            do {
                try await append(all: sequence, of: transfer)
            } catch let error as HTTPClientError where error.code == .requestBodyFailed {
                transfer.fail(error)
            } catch {
                transfer.fail(
                    HTTPClientError(
                        .requestBodyFailed, "\(transfer.request.summary): reading the request's body failed", underlyingError: error))
            }
        }
        let isTooLate = state.withLock { state in
            if !state.isClosed { state.filling = task }
            return state.isClosed
        }
        if isTooLate { task.cancel() }
    }

    /// Takes up to the buffer's size. On the transfer thread only.
    func read(into target: UnsafeMutableRawBufferPointer) -> Reading {
        let (reading, producer) = state.withLock { state -> (Reading, CheckedContinuation<Void, any Error>?) in
            var count = 0
            while count < target.count, var piece = state.pieces.popFirst() {
                let taken = min(piece.readableBytes, target.count - count)
                piece.readWithUnsafeReadableBytes { source in
                    UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[..<taken]))
                    return taken
                }
                count += taken
                if piece.readableBytes > 0 { state.pieces.prepend(piece) }
            }
            guard count > 0 else {
                if state.isAtEnd { return (.end, nil) }
                state.curlWaits = true
                return (.wait, nil)
            }
            state.wasRead = true
            state.bytes -= count
            guard state.bytes < Self.bufferLimit / 2 else { return (.bytes(count), nil) }
            defer { state.room = nil }
            return (.bytes(count), state.room)
        }
        producer?.resume()
        return reading
    }

    /// The transfer is over: nothing more is sent, the sequence's task ends.
    func close() {
        let (producer, task) = state.withLock { state in
            state.isClosed = true
            state.pieces = []
            defer {
                state.room = nil
                state.filling = nil
            }
            return (state.room, state.filling)
        }
        task?.cancel()
        producer?.resume(throwing: CancellationError())
    }

    private func append(all sequence: any AsyncSequence<ByteBuffer, any Error> & Sendable, of transfer: Transfer) async throws {
        var total = 0
        for try await piece in sequence where piece.readableBytes > 0 {
            total += piece.readableBytes
            if let length, total > length { throw wrongLength(total, of: transfer) }
            if append(piece) { transfer.resumeSending() }
            try await waitForRoom()
        }
        if let length, total < length { throw wrongLength(total, of: transfer) }
        let curlWaits = state.withLock { state in
            state.isAtEnd = true
            return state.takeCurlWaits()
        }
        if curlWaits { transfer.resumeSending() }
    }

    /// - Returns: Whether curl waits for it.
    private func append(_ piece: ByteBuffer) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.pieces.append(piece)
            state.bytes += piece.readableBytes
            return state.takeCurlWaits()
        }
    }

    private func waitForRoom() async throws {
        let hasRoom = try state.withLock { state in
            if state.isClosed { throw CancellationError() }
            return state.bytes < Self.bufferLimit
        }
        if hasRoom { return }
        // No cancellation handler: only `close()` cancels this task, and it resumes the continuation itself.
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let immediate = state.withLock { state -> Result<Void, any Error>? in
                if state.isClosed { return .failure(CancellationError()) }
                if state.bytes < Self.bufferLimit { return .success(()) }
                state.room = continuation
                return nil
            }
            if let immediate { continuation.resume(with: immediate) }
        }
    }

    private func wrongLength(_ total: Int, of transfer: Transfer) -> HTTPClientError {
        HTTPClientError(
            .requestBodyFailed,
            "\(transfer.request.summary): the request's body has \(total) bytes or more, but its length was said to be \(length ?? 0)")
    }
}
