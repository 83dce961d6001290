package import GoldcrestProtocol
package import NIOCore

/// What `scontrol --oneliner show node` prints: a line for each node, whichever partitions it is in.
package enum ScontrolNodes {
    package static func nodes(_ output: ByteBuffer) -> [NodeModel] {
        var nodes: [NodeModel] = []
        ScontrolRecord.forEach("NodeName", in: output) { record in
            if let node = node(record) { nodes.append(node) }
        }
        return nodes
    }

    private static func node(_ record: ScontrolRecord) -> NodeModel? {
        guard let name = record["NodeName"] else { return nil }
        let states = SlurmNodeState.states(record["State"] ?? "")
        let cpus = record.integer("CPUTot") ?? 0
        let allocated = record.integer("CPUAlloc")
        // As sinfo counts: what no job can get is not idle.
        let isAvailable = Set(states).isDisjoint(with: [.down, .drain, .offline, .unknown])
        return NodeModel(
            sockets: record.integer("Sockets"), cores: record.integer("CoresPerSocket"), threads: record.integer("ThreadsPerCore"), cpus: cpus,
            cpuLoad: record["CPULoad"].flatMap { Double($0) }, freeMemory: record.integer("FreeMem"),
            features: list(record["AvailableFeatures"]), name: name, address: record["NodeAddr"] ?? name,
            hostname: record["NodeHostName"] ?? name, state: states, partitions: list(record["Partitions"]), weight: record.integer("Weight"),
            allocMemory: record.integer("AllocMem"), allocCpus: allocated,
            idleCpus: allocated.map { isAvailable ? max(0, (record.integer("CPUEfctv") ?? cpus) - $0) : 0 })
    }

    private static func list(_ text: String?) -> [String] {
        text?.split(separator: ",").map { String($0) } ?? []
    }
}
