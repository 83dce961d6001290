import FoundationEssentials
import GoldcrestProtocol

/// A transfer task as its user sees it. What it is to do stands beside what became of it.
///
/// The directives are left out: whoever has them reads or writes the file. They were told once, to who asked for the transfer.
struct TaskAnswer: Encodable {
    private enum Key: CodingKey {
        case id, system, state, jobId, workingDirectory, logs, error, attempts, createdAt, updatedAt, submittedAt, startedAt, endedAt, progress
    }

    let task: TransferTask
    /// How far it is, for one task that was asked for, where it is known.
    var progress: TransferProgress?

    func encode(to encoder: any Encoder) throws {
        try task.request.encode(to: encoder)
        var fields = encoder.container(keyedBy: Key.self)
        try fields.encode(task.id.uuidString.lowercased(), forKey: .id)
        try fields.encode(task.system, forKey: .system)
        try fields.encode(task.state, forKey: .state)
        try fields.encode(task.jobID, forKey: .jobId)
        try fields.encode(task.files.workingDirectory, forKey: .workingDirectory)
        try fields.encode(TransferResponse.Logs(outputLog: task.files.outputLog, errorLog: task.files.errorLog), forKey: .logs)
        try fields.encode(task.error, forKey: .error)
        try fields.encode(task.attempts, forKey: .attempts)
        try fields.encode(UTCTimestamp.text(of: task.createdAt), forKey: .createdAt)
        try fields.encode(UTCTimestamp.text(of: task.updatedAt), forKey: .updatedAt)
        try fields.encode(task.submittedAt.map(UTCTimestamp.text), forKey: .submittedAt)
        try fields.encode(task.startedAt.map(UTCTimestamp.text), forKey: .startedAt)
        try fields.encode(task.endedAt.map(UTCTimestamp.text), forKey: .endedAt)
        try fields.encodeIfPresent(progress, forKey: .progress)
    }
}

/// A page of a user's tasks.
struct TasksAnswer: Encodable {
    let tasks: [TaskAnswer]
    /// What asks for the next page; `null` on the last one.
    @Nullable var nextCursor: String?
}
