import GoldcrestProtocol
import NIOCore

/// What `scontrol --oneliner show partitions` prints.
enum ScontrolPartitions {
    static func partitions(_ output: ByteBuffer, includesHidden: Bool) -> [PartitionModel] {
        var partitions: [PartitionModel] = []
        ScontrolRecord.forEach("PartitionName", in: output) { record in
            guard let name = record["PartitionName"], includesHidden || record["Hidden"] != "YES" else { return }
            partitions.append(
                PartitionModel(
                    name: name, cpus: record.integer("TotalCPUs"), totalNodes: record.integer("TotalNodes"), partition: record["State"] ?? "UNKNOWN"))
        }
        return partitions
    }
}
