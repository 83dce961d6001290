import GoldcrestProtocol

/// A partition: an element of `GET /slurm/…/partitions`.
struct RESTPartition {
    private(set) var model = PartitionModel(name: "", cpus: nil, totalNodes: nil, partition: "UNKNOWN")
    private(set) var isHidden = false

    static func read(_ reader: inout JSONPullReader) throws -> RESTPartition {
        var partition = RESTPartition()
        try reader.object { key, value in
            switch key {
            case "name": partition.model.name = try value.string() ?? ""
            case "flags": partition.isHidden = try value.slurmWords().contains { $0.lowercased() == "hidden" }
            // Until 0.0.38 all stands side by side, later in groups.
            case "state": partition.model.partition = try value.slurmWords().first ?? partition.model.partition
            case "total_cpus": partition.model.cpus = try value.slurmInteger()
            case "total_nodes": partition.model.totalNodes = try value.slurmInteger()
            case "cpus":
                try value.object { key, value in
                    if case "total" = key { partition.model.cpus = try value.slurmInteger() }
                }
            case "nodes":
                try value.object { key, value in
                    if case "total" = key { partition.model.totalNodes = try value.slurmInteger() }
                }
            case "partition":
                try value.object { key, value in
                    if case "state" = key { partition.model.partition = try value.slurmWords().first ?? partition.model.partition }
                }
            default: break
            }
        }
        return partition
    }
}
