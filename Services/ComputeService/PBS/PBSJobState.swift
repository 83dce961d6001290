/// How a job stands, made from what OpenPBS tells of it.
///
/// The letters are those of the Reference Guide, "Job states"; exit statuses below 0 those of `src/include/job.h` (`JOB_EXEC_…`).
struct PBSJobState: Sendable, Equatable {
    /// In the words that clients know.
    let base: String
    let reason: String?
    /// `nil` until the job has ended, and where OpenPBS ended it before its script could.
    let exitCode: Int?
    let signal: Int?

    init(_ job: PBSAttributes) {
        let letter = job["job_state"] ?? ""
        let exitStatus = job.integer("Exit_status")
        let comment = job["comment"]
        guard Self.ended.contains(letter) else {
            let state = Self.lasting[letter] ?? (base: "PENDING", meaning: letter)
            base = state.base
            reason = comment ?? state.meaning
            exitCode = nil
            signal = nil
            return
        }
        base = Self.end(exitStatus, substate: job.integer("substate"))
        if let exitStatus, exitStatus >= Self.firstSignal {
            // As Slurm does it.
            exitCode = 0
            signal = exitStatus - Self.firstSignal
        } else {
            exitCode = exitStatus.flatMap { $0 >= 0 ? $0 : nil }
            signal = nil
        }
        let status = exitStatus.flatMap { $0 < 0 ? "Exit_status \($0)" : nil }
        reason = comment.map { comment in status.map { "\(comment) (\($0))" } ?? comment } ?? status
    }

    /// Whether a job with such a letter has ended.
    static func isEnd(_ letter: String?) -> Bool { letter.map(ended.contains) ?? false }

    /// Whether a job with such a letter is history for its server.
    static func isHistory(_ letter: String?) -> Bool { isEnd(letter) || letter == "M" }

    /// The letters for jobs that have not ended.
    private static let lasting: [String: (base: String, meaning: String?)] = [
        "Q": ("PENDING", nil), "H": ("PENDING", "Held"), "W": ("PENDING", "Waiting for its start time"), "T": ("PENDING", "In transit"),
        "R": ("RUNNING", nil), "E": ("RUNNING", "Exiting"), "B": ("RUNNING", nil),
        "S": ("SUSPENDED", nil), "U": ("SUSPENDED", "Suspended while a workstation's user works"),
        // It lives on at another server.
        "M": ("REVOKED", "Moved to another server"),
    ]

    /// Finished, and an array's subjob that has expired.
    private static let ended: Set<String> = ["F", "X"]

    /// From here on an exit status is that of a signal (Reference Guide, "Job Exit Status Codes").
    private static let firstSignal = 256

    /// A job that was deleted, before or after its start, `JOB_SUBSTATE_TERMINATED`. A signal alone does not tell: 271, for SIGTERM, is also
    /// what a job gets that somebody else ended.
    private static let deleted = 91
    /// A job that ended with status 0, `JOB_SUBSTATE_FINISHED`.
    private static let finished = 92
    /// A job that ended with another, `JOB_SUBSTATE_FAILED`.
    private static let failed = 93

    private static func end(_ exitStatus: Int?, substate: Int?) -> String {
        if let exitStatus, let state = endedByOpenPBS[exitStatus] { return state }
        if substate == deleted { return "CANCELLED" }
        if let exitStatus { return exitStatus == 0 ? "COMPLETED" : "FAILED" }
        return switch substate {
        case finished: "COMPLETED"
        case failed: "FAILED"
        // What never ran has no exit status.
        default: "CANCELLED"
        }
    }

    /// Jobs that exceeded a limit, or whose node was lost. Other statuses below 0 are failures.
    private static let endedByOpenPBS = [
        // Its time by the clock, its time on processors.
        -29: "TIMEOUT", -28: "TIMEOUT",
        -26: "OUT_OF_MEMORY", -27: "OUT_OF_MEMORY", -31: "OUT_OF_MEMORY",
        -4: "NODE_FAIL", -5: "NODE_FAIL", -6: "NODE_FAIL", -14: "NODE_FAIL", -20: "NODE_FAIL", -32: "NODE_FAIL",
    ]
}
