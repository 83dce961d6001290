public import HTTPTypes

/// A request whose response has begun.
///
/// The exchange goes on while something holds it, its ``body`` or an iterator of that; when the last of them is gone before the response was read to
/// its end, the transfer is cancelled and its connection closed.
public final class HTTPExchange: Sendable {
    /// The final response's head; informational (1xx) ones are skipped.
    public let head: HTTPResponse
    let transfer: Transfer

    init(head: HTTPResponse, transfer: Transfer) {
        self.head = head
        self.transfer = transfer
    }

    deinit {
        transfer.cancel()
    }

    /// The response's body, to be read once.
    public var body: HTTPExchangeBody { HTTPExchangeBody(exchange: self) }

    /// Ends the transfer at once and closes its connection; nothing happens if it has ended. Reading the body then throws
    /// ``HTTPClientError/Code/cancelled``.
    public func cancel() {
        transfer.cancel()
    }
}
