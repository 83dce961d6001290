public import NIOCore

/// The body of a response, in pieces of whatever size has arrived. It can be read once, by one task at a time.
///
/// At most 256 KiB wait to be read; beyond that the server is made to wait. Cancelling the reading task cancels the exchange.
public struct HTTPExchangeBody: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer
    public typealias Failure = any Error

    let exchange: HTTPExchange

    /// The whole body, if it has arrived already; reading it then never suspends.
    public var bufferedBody: ByteBuffer? { exchange.transfer.wholeBufferedBody }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(exchange: exchange)
    }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let exchange: HTTPExchange

        /// - Throws: ``HTTPClientError`` if the body does not arrive whole.
        public mutating func next() async throws -> ByteBuffer? {
            try await exchange.transfer.nextBodyPart()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ByteBuffer? {
            try await exchange.transfer.nextBodyPart()
        }
    }
}
