import GoldcrestProtocol
import HTTPTypes

/// When an operation of many requests must be done, as `timeout` ends a command. Each request has its own limit besides.
struct OperationDeadline: Sendable {
    private let limit: Duration
    private let end: ContinuousClock.Instant

    /// - Parameter limit: Counted from now.
    init(within limit: Duration) {
        self.limit = limit
        end = .now + limit
    }

    /// To be called between requests.
    ///
    /// - Throws: ``APIError`` 408 when it is too late, with the exit status of `timeout`, which clients know.
    func check() throws {
        guard ContinuousClock.now >= end else { return }
        throw APIError(.requestTimeout, "Remote process failed with exit status:124 and error message:The operation took longer than \(limit)")
    }
}
