import GoldcrestProtocol

/// A node's state as Slurm writes it: one base state, and flags that say more of it.
enum SlurmNodeState {
    /// - Parameter text: What `scontrol` prints: `IDLE`, `MIXED+DRAIN`, `DOWN*+DRAIN`.
    static func states(_ text: some StringProtocol) -> [NodeState] {
        states(text.split(separator: "+"))
    }

    /// - Parameter words: The base state and its flags, as slurmrestd lists them. Signs behind a word, such as the `*` of a node that does
    ///   not answer, are left out, and so are flags that clients have no word for.
    /// - Returns: What clients know of it, the base state in front; `UNKNOWN` if that is nothing.
    static func states<Words: Sequence>(_ words: Words) -> [NodeState] where Words.Element: StringProtocol {
        var states: [NodeState] = []
        for word in words {
            let name = word.prefix { $0.isLetter || $0 == "_" }.uppercased()
            guard let state = meanings[name], !states.contains(state) else { continue }
            // That a node which is down does not answer adds nothing.
            if name == "NOT_RESPONDING" && states.contains(.down) { continue }
            states.append(state)
        }
        return states.isEmpty ? [.unknown] : states
    }

    private static let meanings: [String: NodeState] = [
        "IDLE": .idle, "ALLOCATED": .allocated, "MIXED": .mixed, "DOWN": .down, "ERROR": .down, "UNKNOWN": .unknown, "FUTURE": .unknown,
        "DRAIN": .drain, "DRAINED": .drain, "DRAINING": .drain, "FAIL": .drain, "FAILING": .drain,
        "MAINT": .offline, "MAINTENANCE": .offline, "RESERVED": .reserved, "COMPLETING": .completing,
        "POWER_DOWN": .poweringDown, "POWERING_DOWN": .poweringDown, "POWER_UP": .poweringUp, "POWERING_UP": .poweringUp,
        // It takes no new jobs, and what became of its own cannot be told.
        "NOT_RESPONDING": .unknown, "NO_RESPOND": .unknown,
    ]
}
