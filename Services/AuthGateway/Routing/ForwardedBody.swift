import HTTPTypes
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
    private let isRead: Mutex<Bool>

    /// With the length known that the request announces, the end is not waited for.
    init(of request: Request) {
        body = request.body
        // RFC 9112, section 6.3: a request that announces nothing has no body.
        length = request.headers[.contentLength].map { Int($0) } ?? (request.headers[.transferEncoding] == nil ? 0 : nil)
        isRead = Mutex(length == 0)
    }

    /// Whether it was not read to its end. A service may have answered before reading has begun.
    var isUnfinished: Bool { isRead.withLock { !$0 } }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: body.makeAsyncIterator(), remaining: length, body: self)
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var base: RequestBody.AsyncIterator
        fileprivate var remaining: Int?
        fileprivate let body: ForwardedBody

        mutating func next() async throws -> ByteBuffer? {
            if let remaining, remaining <= 0 { return nil }
            guard let piece = try await base.next() else {
                // A cancelled read ends like the last one.
                if !Task.isCancelled { body.isRead.withLock { $0 = true } }
                return nil
            }
            if let count = remaining {
                remaining = count - piece.readableBytes
                if count <= piece.readableBytes { body.isRead.withLock { $0 = true } }
            }
            return piece
        }
    }
}
