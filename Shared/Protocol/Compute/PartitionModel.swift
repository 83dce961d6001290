/// A partition, or a queue of PBS.
public struct PartitionModel: Codable, Sendable, Equatable {
    public var name: String
    @Nullable public var cpus: Int?
    @Nullable public var totalNodes: Int?
    /// Whether it takes and starts jobs: `UP`, `DOWN`, `DRAIN`, `INACTIVE`.
    public var partition: String

    public init(name: String, cpus: Int?, totalNodes: Int?, partition: String) {
        self.name = name
        self.cpus = cpus
        self.totalNodes = totalNodes
        self.partition = partition
    }
}

/// The answer to a question for partitions.
public struct PartitionsAnswer: Codable, Sendable, Equatable {
    public var partitions: [PartitionModel]

    public init(partitions: [PartitionModel]) {
        self.partitions = partitions
    }
}
