import Hummingbird
import NIOCore
import Synchronization

/// A request's body on its way to a service, which may answer before it has read all of it.
///
/// Reading is then cancelled, and that ends the whole connection's input: a cancelled read of NIO's stream leaves nothing to read behind it. The
/// client must be told, or it would send its next request into a connection that is being closed.
final class ForwardedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    private let body: RequestBody
    private let length: Int?
    private let isBeingRead = Mutex(false)

    /// - Parameter length: As the request announces it; with that known, the end is not waited for.
    init(_ body: RequestBody, length: Int?) {
        self.body = body
        self.length = length
    }

    /// Whether reading has begun and not come to the end.
    var isUnfinished: Bool { isBeingRead.withLock { $0 } }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator(), remaining: length, body: self)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: RequestBody.AsyncIterator
        fileprivate var remaining: Int?
        fileprivate let body: ForwardedBody

        mutating func next() async throws -> ByteBuffer? {
            if let remaining, remaining <= 0 { return nil }
            body.isBeingRead.withLock { $0 = true }
            guard let piece = try await base.next() else {
                // A cancelled read ends like the last one.
                if !Task.isCancelled { body.isBeingRead.withLock { $0 = false } }
                return nil
            }
            if let count = remaining {
                remaining = count - piece.readableBytes
                if count <= piece.readableBytes { body.isBeingRead.withLock { $0 = false } }
            }
            return piece
        }
    }
}
