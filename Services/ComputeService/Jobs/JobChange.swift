/// What a user may do to a job beside ending it.
enum JobChange: String, Sendable, CaseIterable {
    /// A pending job stays so until it is released.
    case hold
    case release
    /// A running or ended job goes back into the queue.
    case requeue
}
