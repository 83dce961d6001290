/// What both back ends answered to a request, and what was there afterwards.
struct AnswerPair: Sendable {
    let request: FileRequest
    var exec: ComparableAnswer
    var sftp: ComparableAnswer
    /// Files after a change.
    var states: (exec: [String], sftp: [String])?

    var areAlike: Bool { exec == sftp && states.map { $0.exec == $0.sftp } != false }

    /// Whether the same is still different.
    func agrees(with other: AnswerPair) -> Bool {
        (exec == sftp) == (other.exec == other.sftp) && (states?.exec == states?.sftp) == (other.states?.exec == other.states?.sftp)
    }

    /// Takes a difference out.
    mutating func align(_ difference: Difference) {
        difference.align(&exec)
        difference.align(&sftp)
        if var states {
            difference.alignState(&states.exec)
            difference.alignState(&states.sftp)
            self.states = states
        }
    }

    /// What they disagree on, for people.
    var disagreement: String {
        var text = "\(request)"
        if exec != sftp { text += "\n  exec: \(exec)\n  sftp: \(sftp)" }
        if let states {
            let exec = Set(states.exec).subtracting(states.sftp).sorted()
            let sftp = Set(states.sftp).subtracting(states.exec).sorted()
            if exec != sftp { text += "\n  only after exec: \(exec)\n  only after sftp: \(sftp)" }
        }
        return text
    }
}
