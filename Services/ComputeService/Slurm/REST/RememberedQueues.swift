import GoldcrestProtocol
import Synchronization

/// The lists of jobs that the controller gave last, for each user and kind of list. They are used only where the controller itself says that
/// nothing has changed since.
///
/// slurmrestd needs most of a second to write down a thousand jobs, but a few milliseconds to find that they are the same as before.
final class RememberedQueues: Sendable {
    /// How long nothing must have changed before a list was made for it to be used again, in seconds.
    ///
    /// The controller dates a change by the second in which it began to make it, such as that in which a round of scheduling began. So a
    /// change may bear an earlier time than a list that does not have it yet.
    static let margin = 10

    struct Key: Hashable {
        let user: String
        /// Whether other users' jobs are in the list, too.
        let allUsers: Bool
    }

    struct Queue {
        /// Of all accounts and names.
        let jobs: [JobModel]
        /// When the controller made the list, in its own seconds since 1970.
        let time: Int
    }

    private struct State {
        var queues: [Key: Queue] = [:]
        var count = 0
    }

    /// So many jobs are remembered at most, with all lists together: some 50 MB.
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 50_000) {
        self.capacity = capacity
    }

    subscript(_ key: Key) -> Queue? {
        state.withLock { $0.queues[key] }
    }

    /// When there is no room, all that is remembered makes room: it is soon there again where it is needed.
    func remember(_ queue: Queue, of key: Key) {
        state.withLock { state in
            // Of two queries at once the older may come back last.
            if let known = state.queues[key], known.time > queue.time { return }
            state.count -= Self.cost(state.queues.removeValue(forKey: key))
            let cost = Self.cost(queue)
            guard cost <= capacity else { return }
            if state.count + cost > capacity { state = State() }
            state.queues[key] = queue
            state.count += cost
        }
    }

    /// An empty list takes room, too.
    private static func cost(_ queue: Queue?) -> Int { queue.map { $0.jobs.count + 1 } ?? 0 }
}
