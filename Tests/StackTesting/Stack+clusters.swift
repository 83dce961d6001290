extension Stack {
    /// The systems that are a Slurm: each of the stack's clusters by commands, by slurmrestd, and by both.
    public var slurmSystems: [String] {
        get throws { try self["SLURM_SYSTEMS"].split(separator: " ").map(String.init) }
    }

    /// What is known of the cluster behind a system: its `SLURM_VERSION`, `SSH_PORT`, `SLURM_CONF`, `SLURM_ADMIN` and the like.
    public func cluster(of system: String) throws -> Stack {
        let name = ["-rest", "-hybrid"].first(where: system.hasSuffix).map { String(system.dropLast($0.count)) } ?? system
        return try name == self["SYSTEM"] ? self : Stack(path: "\(self["FURTHER_CLUSTERS"])/\(name)/stack.env")
    }
}
