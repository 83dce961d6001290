import FoundationEssentials

/// Which of a user's tasks on a system are asked for; the newest come first.
package struct TransferTaskListing: Sendable, Equatable {
    let username: String
    let system: String
    /// Empty for all.
    var states: Set<TransferTaskState> = []
    var operation: TransferOperation?
    /// The last task of the page before.
    var after: TransferTaskCursor?
    var limit: Int

    package init(
        username: String, system: String, states: Set<TransferTaskState> = [], operation: TransferOperation? = nil, after: TransferTaskCursor? = nil,
        limit: Int
    ) {
        self.username = username
        self.system = system
        self.states = states
        self.operation = operation
        self.after = after
        self.limit = limit
    }
}

/// A place between two tasks of a listing; it stays where it is when tasks come and go.
package struct TransferTaskCursor: Sendable, Equatable {
    let createdAt: Date
    let id: UUID

    /// The place behind a task.
    package init(after task: TransferTask) {
        createdAt = task.createdAt
        id = task.id
    }

    /// Reads ``text``, as a client sends it back; `nil` if it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count <= 16, let microseconds = Int64(parts[0]), microseconds >= 0,
            let id = UUID(uuidString: String(parts[1]))
        else { return nil }
        createdAt = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
        self.id = id
    }

    /// For a URL: the time in microseconds, which is PostgreSQL's precision, and the id.
    var text: String {
        "\(Int64((createdAt.timeIntervalSince1970 * 1_000_000).rounded()))_\(id.uuidString.lowercased())"
    }
}
