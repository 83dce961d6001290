import CLibPQ
import Dispatch

/// A `PGcancel` and its only owner: asks the server to stop the command that a connection runs.
final class CancellationHandle {
    private let pointer: OpaquePointer

    init(takingOwnershipOf pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQfreeCancel(pointer)
    }

    /// Sends the request, on a thread of its own, since `PQcancel` opens a connection and waits for its end.
    ///
    /// - Returns: Whether the server took the request, once that is known; the value is settled when the server has passed the signal on, so that
    ///   it can no longer hit a later command.
    func send() -> OneShot<Bool> {
        let isDone = OneShot<Bool>()
        DispatchQueue(label: "goldcrest.postgres.cancel").async { [self] in
            var reason = [CChar](repeating: 0, count: 256)
            isDone.settle(PQcancel(pointer, &reason, Int32(reason.count)) == 1)
        }
        return isDone
    }
}

// The pointer is set once; PQcancel only reads what it points to and is meant to be called from any thread
// (https://www.postgresql.org/docs/15/libpq-cancel.html); it is freed when nobody holds the object any more.
extension CancellationHandle: @unchecked Sendable {}
