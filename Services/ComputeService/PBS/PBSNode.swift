import GoldcrestProtocol
import NIOCore

/// What `pbsnodes -a -F json` prints: the vnodes.
enum PBSNode {
    static func nodes(_ output: ByteBuffer) -> [NodeModel] {
        PBSDocument(output, section: "nodes").entries.map { node($0.name, $0.attributes) }
    }

    /// How many nodes take jobs or run some, of how many.
    static func availability(_ output: ByteBuffer) -> ServiceHealth.Nodes {
        let nodes = PBSDocument(output, section: "nodes").entries
        let available = nodes.count { node in states(node.attributes["state"]).allSatisfy(serving.contains) }
        return ServiceHealth.Nodes(available: available, total: nodes.count)
    }

    private static func node(_ name: String, _ attributes: PBSAttributes) -> NodeModel {
        let cpus = attributes.integer("resources_available", "ncpus") ?? attributes.integer("pcpus") ?? 0
        let allocatedCpus = attributes.integer("resources_assigned", "ncpus") ?? 0
        let memory = PBSSize.mebibytes(attributes["resources_available", "mem"])
        let allocatedMemory = PBSSize.mebibytes(attributes["resources_assigned", "mem"]) ?? 0
        return NodeModel(
            sockets: nil, cores: nil, threads: nil, cpus: cpus, cpuLoad: nil, freeMemory: memory.map { max(0, $0 - allocatedMemory) }, features: [],
            name: name, address: attributes["Mom"], hostname: attributes["resources_available", "host"], state: states(attributes["state"]),
            // A vnode that belongs to no queue serves all.
            partitions: attributes["queue"].map { [$0] }, weight: nil, allocMemory: allocatedMemory, allocCpus: allocatedCpus,
            idleCpus: max(0, cpus - allocatedCpus))
    }

    /// A node can be in several states at once: `down,offline`.
    static func states(_ text: String?) -> [NodeState] {
        var states: [NodeState] = []
        for word in (text ?? "").split(whereSeparator: { $0 == "," || $0 == " " }) {
            let state = meanings[word.lowercased()] ?? .unknown
            if !states.contains(state) { states.append(state) }
        }
        return states.isEmpty ? [.unknown] : states
    }

    /// The words of the Reference Guide, "Vnode States".
    private static let meanings: [String: NodeState] = [
        "free": .idle,
        // All processors are taken; the whole node is.
        "job-busy": .allocated, "job-exclusive": .allocated,
        "job-sharing": .mixed, "time-shared": .mixed,
        "reserve": .reserved, "resv-exclusive": .reserved,
        // Its load is too high for more jobs.
        "busy": .busy,
        "down": .down, "stale": .down, "unresolvable": .down,
        "offline": .offline, "maintenance": .offline,
        "provisioning": .poweringUp, "wait-provisioning": .poweringUp, "initializing": .poweringUp,
        "sleep": .poweringDown,
    ]

    private static let serving: Set<NodeState> = [.idle, .allocated, .mixed, .reserved, .busy]
}
