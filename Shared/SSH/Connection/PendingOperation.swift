import NIOCore

/// A call of libssh2 that waits for more input. Used on one event loop only.
final class PendingOperation {
    let id: Int
    /// Tries again; whether the operation is over, its continuation resumed.
    let attempt: () -> Bool
    /// Ends the operation with an error.
    let fail: (any Error) -> Void
    var timer: Scheduled<Void>?

    init(id: Int, attempt: @escaping () -> Bool, fail: @escaping (any Error) -> Void) {
        self.id = id
        self.attempt = attempt
        self.fail = fail
    }
}
