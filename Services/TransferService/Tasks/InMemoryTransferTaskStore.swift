import FoundationEssentials
import Synchronization

/// A store for tests; it forgets everything with the process.
final class InMemoryTransferTaskStore: TransferTaskStore {
    private struct Entry {
        var task: TransferTask
        var lease: (owner: String, end: ContinuousClock.Instant)?
    }

    private let entries = Mutex<[UUID: Entry]>([:])

    func insert(_ new: NewTransferTask) async throws -> TransferTaskInsertion {
        entries.withLock { entries in
            if let key = new.idempotencyKey {
                let earlier = entries.values.first { $0.task.username == new.username && $0.task.idempotencyKey == key }
                if let earlier { return .existing(earlier.task) }
            }
            let now = Date()
            let task = TransferTask(
                id: new.id, system: new.system, username: new.username, request: new.request, idempotencyKey: new.idempotencyKey,
                files: new.files, state: .accepted, staged: new.staged, createdAt: now, updatedAt: now)
            entries[new.id] = Entry(task: task)
            return .inserted(task)
        }
    }

    func find(idempotencyKey: String, username: String) async throws -> TransferTask? {
        entries.withLock { entries in
            entries.values.map(\.task).first { $0.username == username && $0.idempotencyKey == idempotencyKey }
        }
    }

    func notePreparation(of id: UUID, directives: TransferDirectives?, staged: StagedObject?) async throws {
        entries.withLock { entries in
            entries[id]?.task.directives = directives
            entries[id]?.task.staged = staged
        }
    }

    func markSubmitted(_ id: UUID, jobID: String) async throws -> TransferTask? {
        change(id, to: .submitted) { $0.jobID = jobID }
    }

    func update(_ id: UUID, to state: TransferTaskState, error: String?) async throws -> TransferTask? {
        guard state != .submitted else { return nil }
        return change(id, to: state) { $0.error = error ?? $0.error }
    }

    private func change(_ id: UUID, to state: TransferTaskState, _ body: (inout TransferTask) -> Void) -> TransferTask? {
        entries.withLock { entries in
            guard var entry = entries[id], entry.task.state.canBecome(state) else { return nil }
            entry.task.state = state
            entry.task.updatedAt = Date()
            if state.hasEnded {
                entry.task.endedAt = entry.task.updatedAt
                entry.lease = nil
            }
            body(&entry.task)
            entries[id] = entry
            return entry.task
        }
    }

    func find(_ id: UUID, username: String) async throws -> TransferTask? {
        entries.withLock { entries in
            entries[id].flatMap { $0.task.username == username ? $0.task : nil }
        }
    }

    func list(username: String, system: String, limit: Int) async throws -> [TransferTask] {
        entries.withLock { entries in
            let found = entries.values.map(\.task).filter { $0.username == username && $0.system == system }
            return Array(found.sorted { $0.createdAt > $1.createdAt }.prefix(limit))
        }
    }

    func leaseOpenTasks(system: String, owner: String, for duration: Duration, limit: Int) async throws -> [TransferTask] {
        entries.withLock { entries in
            let now = ContinuousClock.now
            let free = entries.values.filter { entry in
                guard entry.task.system == system, !entry.task.state.hasEnded else { return false }
                return entry.lease.map { $0.end <= now || $0.owner == owner } ?? true
            }
            // Those never leased come first, then those whose lease ends first.
            let ordered = free.sorted { left, right in
                switch (left.lease?.end, right.lease?.end) {
                case (nil, .some): true
                case (.some, nil): false
                case (.some(let one), .some(let other)) where one != other: one < other
                default: left.task.createdAt < right.task.createdAt
                }
            }
            let leased = ordered.prefix(limit).map(\.task)
            for task in leased { entries[task.id]?.lease = (owner, now + duration) }
            return leased.sorted { $0.createdAt < $1.createdAt }
        }
    }

    func release(_ ids: [UUID], owner: String) async throws {
        entries.withLock { entries in
            for id in ids where entries[id]?.lease?.owner == owner { entries[id]?.lease = nil }
        }
    }
}
