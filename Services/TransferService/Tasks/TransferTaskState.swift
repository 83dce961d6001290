/// Where a transfer task stands: `accepted → submitted → queued → running → succeeded | failed | cancelled | expired`.
package enum TransferTaskState: String, Codable, Sendable, CaseIterable {
    /// Written down; not yet known to the scheduler, or not known whether it is.
    case accepted
    /// The scheduler gave it a job id.
    case submitted
    /// The job waits.
    case queued
    case running
    case succeeded
    case failed
    case cancelled
    /// Nobody knows its end any more: the job is gone from the scheduler, or was never submitted in time.
    case expired

    /// No further state can follow.
    var hasEnded: Bool {
        switch self {
        case .accepted, .submitted, .queued, .running: false
        case .succeeded, .failed, .cancelled, .expired: true
        }
    }

    /// Whether a task may go from this state to that one.
    ///
    /// Whoever watches a job sees it now and then, so steps in between may be skipped; only a job that was submitted can be seen at all. A running job
    /// may be queued again, as schedulers do after the failure of a node. An end is final.
    func canBecome(_ next: TransferTaskState) -> Bool {
        switch (self, next) {
        case (_, .accepted), (.succeeded, _), (.failed, _), (.cancelled, _), (.expired, _): false
        case (_, .failed), (_, .cancelled), (_, .expired): true
        case (.accepted, _): next == .submitted
        case (_, .submitted): false
        case (.submitted, _): true
        case (.queued, _): next != .queued
        case (.running, _): next != .running
        }
    }
}
