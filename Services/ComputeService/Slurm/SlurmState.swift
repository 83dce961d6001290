/// A job's state as Slurm's commands print it.
struct SlurmState: Sendable, Equatable {
    /// The state in the words that clients know.
    let base: String
    /// What Slurm prints in place of the base state while something is done to the job, such as `CONFIGURING`.
    let flag: String?
    /// The number of the user who cancelled the job, where it is told.
    let cancelledBy: Int?

    /// - Parameter text: `COMPLETED`, `CANCELLED by 1000`, `RUNNING+`.
    init(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// The same from the characters as bytes.
    init<Bytes: Collection<UInt8>>(utf8 bytes: Bytes) {
        let end = bytes.firstIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "+") } ?? bytes.endIndex
        let isUpper = bytes[..<end].allSatisfy { $0 < UInt8(ascii: "a") }
        let word = isUpper ? String(decoding: bytes[..<end], as: UTF8.self) : String(decoding: bytes[..<end], as: UTF8.self).uppercased()
        if let base = Self.hidden[word] {
            self.base = base
            flag = word
        } else {
            base = word
            flag = nil
        }
        let rest = bytes[end...]
        cancelledBy = rest.starts(with: Self.by) ? Int(String(decoding: rest.dropFirst(Self.by.count), as: UTF8.self)) : nil
    }

    private static let by = Array(" by ".utf8)

    /// Whether the job or step has ended, so that its exit code means something.
    var isFinal: Bool { base != "PENDING" && base != "RUNNING" && base != "SUSPENDED" }

    /// The base state that a flag hides. Some clients take all but PENDING and RUNNING for the end of a job, and with these it has not come.
    private static let hidden = [
        "CONFIGURING": "RUNNING", "COMPLETING": "RUNNING", "RESIZING": "RUNNING", "SIGNALING": "RUNNING", "STAGE_OUT": "RUNNING",
        "POWER_UP_NODE": "RUNNING", "STOPPED": "SUSPENDED",
        "REQUEUED": "PENDING", "REQUEUE_HOLD": "PENDING", "REQUEUE_FED": "PENDING", "RESV_DEL_HOLD": "PENDING", "SPECIAL_EXIT": "PENDING",
        "EXPEDITING": "PENDING",
    ]
}

extension SlurmState {
    /// What there is to say of the state beyond its name: the flag, and the reason that Slurm gives.
    ///
    /// - Parameter reason: As Slurm prints it, if it prints one; `None` says nothing beside a flag.
    func reason(_ reason: String?) -> String? {
        guard let flag else { return reason }
        guard let reason, reason != "None" else { return flag }
        return "\(flag), \(reason)"
    }
}
