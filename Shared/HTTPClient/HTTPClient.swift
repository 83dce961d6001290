public import Logging

/// An HTTP/1.1 client on libcurl, for http and https.
///
/// All transfers run on one thread of the client's own, which keeps their connections open for the next ones. Certificates are verified, redirects
/// followed only on demand, bodies passed on as they are, without decompression.
///
/// A request that was sent on a kept connection, which the server closed without a byte of answer, is repeated on another connection if its method is
/// idempotent and its body can be sent again. Otherwise it fails with ``HTTPClientError/Code/connectionFailed``, because the server may have acted on
/// it. (curl left alone would repeat a POST too.) A connection that is known to be closed before sending is replaced for all methods.
public final class HTTPClient: Sendable {
    private let configuration: Configuration
    private let logger: Logger
    private let mailbox: TransferMailbox

    public init(configuration: Configuration = .init(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.mailbox = TransferLoop.start(configuration: configuration)
    }

    /// Running exchanges go on to their end, then the thread ends. Prefer ``shutdown()``.
    deinit {
        mailbox.stop(.whenIdle)
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - deadline: How long the head may take, all of connecting and sending included. The bodies have no limit but
    ///     ``Configuration/bodyInactivityLimit``.
    /// - Throws: ``HTTPClientError``; ``HTTPClientError/Code/cancelled`` also when the task is cancelled.
    public func exchange(_ request: HTTPClientRequest, deadline: Duration) async throws -> HTTPExchange {
        try await prepare(request, deadline: deadline).begin()
    }

    /// The same in two steps, for who must be able to cancel the exchange from outside the task that waits for it.
    ///
    /// - Throws: ``HTTPClientError`` for a request that cannot be sent.
    public func prepare(_ request: HTTPClientRequest, deadline: Duration) throws(HTTPClientError) -> PreparedExchange {
        PreparedExchange(transfer: try transfer(of: request, deadline: deadline, collecting: nil), logger: logger)
    }

    /// Sends a request and waits for its whole response.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - maximumBytes: The largest body accepted.
    ///   - deadline: How long all of it may take.
    /// - Throws: ``HTTPClientError``, among them ``HTTPClientError/Code/responseTooLarge``.
    public func collect(
        _ request: HTTPClientRequest, upTo maximumBytes: Int, deadline: Duration
    ) async throws -> HTTPClientResponse {
        let transfer = try transfer(of: request, deadline: deadline, collecting: maximumBytes)
        do {
            return try await transfer.response()
        } catch {
            logger.debug("HTTP request failed", metadata: ["http.request": "\(request.summary)", "error": "\(error)"])
            throw error
        }
    }

    /// Cancels what still runs, closes all connections and ends the thread.
    public func shutdown() async {
        await mailbox.stopAndWait()
    }

    private func transfer(
        of request: HTTPClientRequest, deadline: Duration, collecting maximumBytes: Int?
    ) throws(HTTPClientError) -> Transfer {
        try request.validate()
        let headerLines = try HeaderLines(request, userAgent: configuration.userAgent)
        let limits = Transfer.Limits(
            deadline: min(deadline, .seconds(31_536_000)), bodyInactivity: configuration.bodyInactivityLimit,
            collectedBytes: maximumBytes)
        return Transfer(request, headerLines: headerLines, limits: limits, mailbox: mailbox)
    }
}
