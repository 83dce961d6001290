/// What this replica remembers of a task between two looks at its job: in this process's own time, so that no other machine's clock matters.
struct FollowedTask: Sendable {
    private static let shortestPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(15)
    /// How long a submission may be under way before its job is looked for by name, in the list of all jobs.
    private static let submissionTime = Duration.seconds(5)
    private static let longestSearchPause = Duration.seconds(60)

    private(set) var task: OpenTransferTask
    /// When the task came, or was last seen to be another.
    private var changed: ContinuousClock.Instant
    /// Since when its job has been looked for in vain.
    private(set) var missingSince: ContinuousClock.Instant?
    /// When its job is looked at next.
    private(set) var nextLook: ContinuousClock.Instant

    init(_ task: OpenTransferTask, at now: ContinuousClock.Instant) {
        self.task = task
        changed = now
        nextLook = now + (task.jobID == nil ? Self.submissionTime : Self.shortestPause)
    }

    /// The task as the database has it now.
    mutating func update(_ task: OpenTransferTask, at now: ContinuousClock.Instant) {
        if task.state != self.task.state || task.jobID != self.task.jobID {
            self = FollowedTask(task, at: now)
        } else {
            self.task = task
        }
    }

    mutating func sawJob(at now: ContinuousClock.Instant) {
        missingSince = nil
        nextLook = now + pause(at: now)
    }

    mutating func missedJob(at now: ContinuousClock.Instant) {
        missingSince = missingSince ?? now
        nextLook = now + pause(at: now)
    }

    /// Somebody wrote down that the task has made a step: what it was before is not needed any more.
    mutating func moved(to task: TransferTask, at now: ContinuousClock.Instant) {
        update(
            OpenTransferTask(
                id: task.id, username: task.username, state: task.state, jobID: task.jobID, errorLog: task.files.errorLog,
                isSubmissionOver: self.task.isSubmissionOver),
            at: now)
    }

    /// When the task itself is read again: one that is being submitted has its job's id any moment.
    func nextRound(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        task.jobID == nil ? min(nextLook, now + max((now - changed) / 4, Self.shortestPause)) : nextLook
    }

    /// A job that has just come or changed is likely to change again soon, one that has waited or run for long is not: a tenth of that time later.
    /// To find a job without its id costs the list of all, so that is done more rarely.
    private func pause(at now: ContinuousClock.Instant) -> Duration {
        let age = now - changed
        return task.jobID == nil
            ? min(max(age / 2, Self.submissionTime), Self.longestSearchPause) : min(max(age / 10, Self.shortestPause), Self.longestPause)
    }
}
