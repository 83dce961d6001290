import GoldcrestProtocol
import NIOCore

/// What `qstat -Q -f -F json` prints: the queues, which are OpenPBS's partitions.
enum PBSQueue {
    /// - Parameter includesHidden: Whether queues are among them that users don't submit to: those that only routing queues feed, and those of
    ///   reservations, which ``PBSReservation`` tells of.
    static func partitions(_ output: ByteBuffer, includesHidden: Bool) -> [PartitionModel] {
        PBSDocument(output, section: "Queue").entries
            .filter { includesHidden || !isHidden($0) }
            .map { queue in
                PartitionModel(
                    name: queue.name, cpus: queue.attributes.integer("resources_available", "ncpus"),
                    totalNodes: queue.attributes.integer("resources_available", "nodect"), partition: state(queue.attributes))
            }
    }

    private static func isHidden(_ queue: PBSDocument.Entry) -> Bool {
        queue.attributes.isTrue("from_route_only") || PBSReservation.isQueue(queue.name)
    }

    /// In the words of Slurm, whose meaning is the same: whether jobs are taken, and whether they are started.
    private static func state(_ queue: PBSAttributes) -> String {
        switch (queue.isTrue("enabled"), queue.isTrue("started")) {
        case (true, true): "UP"
        case (true, false): "DOWN"
        case (false, true): "DRAIN"
        case (false, false): "INACTIVE"
        }
    }
}
