import Dispatch

/// Runs an actor on a serial dispatch queue.
///
/// `DispatchSerialQueue`, which is an executor itself, does not exist on Linux. A queue's thread is not one of the cooperative pool, so a call
/// of libpq that blocks after all (the look-up of a host's name) holds up nothing but its own connection.
final class QueueExecutor: SerialExecutor {
    let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
