import FoundationEssentials
import GoldcrestServiceKit
import NIOCore

/// What becomes of a task as server-sent events (WHATWG HTML, section 9.2): `state` with the task as it is now, at the beginning and whenever its
/// state changes, and `progress` now and then. The last one is the task's end.
struct TaskEvents: Sendable {
    private static let heartbeatInterval = Duration.seconds(15)
    private static let progressInterval = Duration.seconds(5)
    /// How long a change may go unnoticed of which the database did not tell.
    private static let longestWait = Duration.seconds(30)

    /// As it was when it was asked for.
    let task: TransferTask
    let tasks: TransferTaskStore
    let changes: TaskChanges.Subscription
    let progress: @Sendable (TransferTask) async -> TransferProgress?

    /// The id of an event that tells a state; with it a client says what it has seen.
    static func id(of task: TransferTask) -> String {
        "\(task.state.rawValue)-\(Int64(((task.endedAt ?? task.updatedAt).timeIntervalSince1970 * 1_000_000).rounded()))"
    }

    /// Reports the events up to the task's end, or until the surrounding task is cancelled.
    func run(_ report: @escaping @Sendable (ByteBuffer) -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await tellProgress(report) }
            group.addTask { await beat(report) }
            await tellStates(report)
            group.cancelAll()
        }
    }

    private func tellStates(_ report: @Sendable (ByteBuffer) -> Void) async {
        var (current, told) = (task, nil as String?)
        while !Task.isCancelled {
            if told != current.state.rawValue {
                report(Self.event("state", id: Self.id(of: current), TaskAnswer(task: current)))
                told = current.state.rawValue
            }
            if current.state.hasEnded { return }
            await changes.wakeup.sleep(atMost: Self.longestWait)
            do {
                guard let task = try await tasks.find(task.id, username: task.username) else { return }
                current = task
            } catch {
                // The database is away; it tells when it is back.
            }
        }
    }

    private func tellProgress(_ report: @Sendable (ByteBuffer) -> Void) async {
        guard ProgressSource.tells(of: task.request.operation) else { return }
        var told: TransferProgress?
        while !Task.isCancelled {
            if let current = try? await tasks.find(task.id, username: task.username), let progress = await progress(current), progress != told {
                report(Self.event("progress", progress))
                told = progress
            }
            try? await Task.sleep(for: Self.progressInterval)
        }
    }

    /// Keeps proxies and clients from taking silence for a broken connection.
    private func beat(_ report: @Sendable (ByteBuffer) -> Void) async {
        while (try? await Task.sleep(for: Self.heartbeatInterval)) != nil { report(ByteBuffer(string: ":\n\n")) }
    }

    private static func event(_ name: String, id: String? = nil, _ data: some Encodable) -> ByteBuffer {
        // Encoded JSON has no line break in it.
        guard let json = try? JSONDocument(encoding: data) else { return ByteBuffer() }
        var event = ByteBuffer(string: "event: \(name)\n\(id.map { "id: \($0)\n" } ?? "")data: ")
        event.writeImmutableBuffer(json.bytes)
        event.writeStaticString("\n\n")
        return event
    }
}
