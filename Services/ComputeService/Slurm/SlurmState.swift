/// A job's state as Slurm's commands print it.
struct SlurmState: Sendable, Equatable {
    /// The state in the words that clients know.
    let base: String
    /// What Slurm prints in place of the base state while something is done to the job, such as `CONFIGURING`.
    let flag: String?

    /// - Parameter text: `COMPLETED`, `CANCELLED by 1000`, `RUNNING+`.
    init(_ text: some StringProtocol) {
        let word = text.prefix { $0 != " " && $0 != "+" }.uppercased()
        if let base = Self.hidden[word] {
            self.base = base
            flag = word
        } else {
            base = word
            flag = nil
        }
    }

    /// Whether the job or step has ended, so that its exit code means something.
    var isFinal: Bool { !["PENDING", "RUNNING", "SUSPENDED"].contains(base) }

    /// The base state that a flag hides. Some clients take all but PENDING and RUNNING for the end of a job, and with these it has not come.
    private static let hidden = [
        "CONFIGURING": "RUNNING", "COMPLETING": "RUNNING", "RESIZING": "RUNNING", "SIGNALING": "RUNNING", "STAGE_OUT": "RUNNING",
        "STOPPED": "SUSPENDED",
        "REQUEUED": "PENDING", "REQUEUE_HOLD": "PENDING", "REQUEUE_FED": "PENDING", "RESV_DEL_HOLD": "PENDING", "SPECIAL_EXIT": "PENDING",
    ]
}

extension SlurmState {
    /// What there is to say of the state beyond its name.
    ///
    /// - Parameter reason: As the command prints it, if it prints one.
    func reason(_ reason: String?) -> String? { flag ?? reason }
}
