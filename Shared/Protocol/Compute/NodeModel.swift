/// A node of a system.
public struct NodeModel: Codable, Sendable, Equatable {
    @Nullable public var sockets: Int?
    /// Cores of one socket.
    @Nullable public var cores: Int?
    /// Threads of one core.
    @Nullable public var threads: Int?
    public var cpus: Int
    /// The load average, as uptime(1) prints it.
    @Nullable public var cpuLoad: Double?
    /// MiB.
    @Nullable public var freeMemory: Int?
    @Nullable public var features: [String]?
    public var name: String
    @Nullable public var address: String?
    @Nullable public var hostname: String?
    /// The base state, and behind it every other that the node is in.
    public var state: [NodeState]
    @Nullable public var partitions: [String]?
    @Nullable public var weight: Int?
    /// MiB.
    @Nullable public var allocMemory: Int?
    @Nullable public var allocCpus: Int?
    @Nullable public var idleCpus: Int?

    public init(
        sockets: Int?, cores: Int?, threads: Int?, cpus: Int, cpuLoad: Double?, freeMemory: Int?, features: [String]?, name: String,
        address: String?, hostname: String?, state: [NodeState], partitions: [String]?, weight: Int?, allocMemory: Int?, allocCpus: Int?,
        idleCpus: Int?
    ) {
        self.sockets = sockets
        self.cores = cores
        self.threads = threads
        self.cpus = cpus
        self.cpuLoad = cpuLoad
        self.freeMemory = freeMemory
        self.features = features
        self.name = name
        self.address = address
        self.hostname = hostname
        self.state = state
        self.partitions = partitions
        self.weight = weight
        self.allocMemory = allocMemory
        self.allocCpus = allocCpus
        self.idleCpus = idleCpus
    }
}

/// The answer to a question for nodes.
public struct NodesAnswer: Codable, Sendable, Equatable {
    public var nodes: [NodeModel]

    public init(nodes: [NodeModel]) {
        self.nodes = nodes
    }
}
