import FoundationEssentials
import GoldcrestPostgres
import ServiceLifecycle
import Synchronization

/// Wakes who waits for a task when its state has changed, by whichever replica.
final class TaskChanges: Service {
    private struct State {
        var wakeups: [UUID: [Int: Wakeup]] = [:]
        var nextNumber = 0
    }

    private let tasks: TransferTaskStore
    private let state = Mutex(State())

    init(tasks: TransferTaskStore) {
        self.tasks = tasks
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await news in self.tasks.changedTasks() {
                switch news {
                case .received(let id): UUID(uuidString: id).map(self.wake)
                case .reconnected: self.wakeAll()
                }
            }
        }
    }

    /// Somebody's interest in a task, for as long as it is held.
    func subscription(to id: UUID) -> Subscription {
        let wakeup = Wakeup()
        let number = state.withLock { state in
            state.nextNumber += 1
            state.wakeups[id, default: [:]][state.nextNumber] = wakeup
            return state.nextNumber
        }
        return Subscription(changes: self, id: id, number: number, wakeup: wakeup)
    }

    private func wake(_ id: UUID) {
        let wakeups = state.withLock { $0.wakeups[id] ?? [:] }
        for wakeup in wakeups.values { wakeup.call() }
    }

    private func wakeAll() {
        let wakeups = state.withLock { $0.wakeups.values.flatMap(\.values) }
        for wakeup in wakeups { wakeup.call() }
    }

    private func end(_ id: UUID, _ number: Int) {
        state.withLock { state in
            state.wakeups[id]?[number] = nil
            if state.wakeups[id]?.isEmpty == true { state.wakeups[id] = nil }
        }
    }

    final class Subscription: Sendable {
        let wakeup: Wakeup
        private let changes: TaskChanges
        private let id: UUID
        private let number: Int

        fileprivate init(changes: TaskChanges, id: UUID, number: Int, wakeup: Wakeup) {
            self.changes = changes
            self.id = id
            self.number = number
            self.wakeup = wakeup
        }

        deinit {
            changes.end(id, number)
        }
    }
}
