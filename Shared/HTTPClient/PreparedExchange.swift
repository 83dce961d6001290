import Logging

/// A request that can be sent, and cancelled from elsewhere meanwhile.
public struct PreparedExchange: Sendable {
    let transfer: Transfer
    let logger: Logger

    /// Sends the request, once, and waits for the head of its response.
    ///
    /// - Throws: ``HTTPClientError``; ``HTTPClientError/Code/cancelled`` also when the task is cancelled.
    public func begin() async throws -> HTTPExchange {
        do {
            return HTTPExchange(head: try await transfer.head(), transfer: transfer)
        } catch {
            logger.debug("HTTP request failed", metadata: ["http.request": "\(transfer.request.summary)", "error": "\(error)"])
            throw error
        }
    }

    /// Ends the exchange at once, or keeps it from beginning; it throws ``HTTPClientError/Code/cancelled`` then.
    public func cancel() {
        transfer.cancel()
    }
}
