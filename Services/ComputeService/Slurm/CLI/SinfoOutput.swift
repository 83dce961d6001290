import GoldcrestProtocol
import NIOCore

/// What `sinfo --Node` prints: a row for each node and partition.
enum SinfoOutput {
    /// How many nodes take jobs or run some, of how many.
    static func availability(_ output: ByteBuffer) -> ServiceHealth.Nodes {
        var states: [Substring: Substring] = [:]
        for line in String(buffer: output).split(separator: "\n") {
            let fields = line.split(separator: SlurmCommands.nodeFieldSeparator)
            if fields.count == 2 { states[fields[0].prefix { $0 != " " }] = fields[1] }
        }
        let available = states.values.count { state in
            // Flags behind the state: `*` does not answer, `~` is powered down, `#` powers up, `$` is in maintenance …
            ["idle", "mixed", "allocated", "completing"].contains(state.prefix { $0.isLetter }) && !state.hasSuffix("*")
        }
        return ServiceHealth.Nodes(available: available, total: states.count)
    }
}
