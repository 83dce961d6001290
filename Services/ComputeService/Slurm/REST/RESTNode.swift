import GoldcrestProtocol

/// A node: an element of `GET /slurm/…/nodes`.
enum RESTNode {
    static func read(_ reader: inout JSONPullReader) throws -> NodeModel? {
        var node = NodeModel(
            sockets: nil, cores: nil, threads: nil, cpus: 0, cpuLoad: nil, freeMemory: nil, features: [], name: "", address: nil, hostname: nil,
            state: [], partitions: [], weight: nil, allocMemory: nil, allocCpus: nil, idleCpus: nil)
        var states: [String] = []
        try reader.object { key, value in
            switch key {
            case "sockets": node.sockets = try value.slurmInteger()
            case "cores": node.cores = try value.slurmInteger()
            case "threads": node.threads = try value.slurmInteger()
            case "cpus": node.cpus = try value.slurmInteger() ?? 0
            case "cpu_load": node.cpuLoad = try value.slurmInteger().flatMap(Self.load)
            case "free_memory", "free_mem": node.freeMemory = try value.slurmInteger().flatMap(Self.known)
            case "features": node.features = try value.slurmWords().flatMap { $0.split(separator: ",").map(String.init) }
            case "name": node.name = try value.string() ?? ""
            case "address": node.address = try value.slurmText()
            case "hostname": node.hostname = try value.slurmText()
            case "state", "state_flags": states += try value.slurmWords()
            case "partitions": node.partitions = try value.slurmWords()
            case "weight": node.weight = try value.slurmInteger()
            case "alloc_memory": node.allocMemory = try value.slurmInteger()
            case "alloc_cpus": node.allocCpus = try value.slurmInteger()
            case "idle_cpus", "alloc_idle_cpus": node.idleCpus = try value.slurmInteger()
            default: break
            }
        }
        guard !node.name.isEmpty else { return nil }
        node.state = SlurmNodeState.states(states)
        // As sinfo counts: what no job can get is not idle.
        if !Set(node.state).isDisjoint(with: [.down, .drain, .offline, .unknown]) { node.idleCpus = node.idleCpus.map { _ in 0 } }
        return node
    }

    /// Whether a node takes jobs or runs some.
    static func isAvailable(_ reader: inout JSONPullReader) throws -> Bool? {
        var states: [String] = []
        try reader.object { key, value in
            switch key {
            case "state", "state_flags": states += try value.slurmWords().map { $0.uppercased() }
            default: break
            }
        }
        return !Set(states).isDisjoint(with: ["IDLE", "MIXED", "ALLOCATED", "COMPLETING"]) && Set(states).isDisjoint(with: Self.hindrances)
    }

    /// With these `sinfo` shows another word than the base state.
    private static let hindrances: Set = ["DRAIN", "DOWN", "FAIL", "NOT_RESPONDING", "MAINTENANCE", "RESERVED", "PLANNED"]

    /// Slurm's largest numbers stand for "not known".
    private static func known(_ number: Int) -> Int? { (0..<0xFFFF_FFFE).contains(number) ? number : nil }

    /// Slurm counts load averages in hundredths.
    private static func load(_ hundredths: Int) -> Double? { known(hundredths).map { Double($0) / 100 } }
}
