import GoldcrestProtocol
import NIOCore

/// What `scontrol --oneliner show reservations` prints; where there are none, a sentence that says so.
enum ScontrolReservations {
    /// - Parameter now: Seconds since 1970, by which the state is told where Slurm doesn't.
    static func reservations(_ output: ByteBuffer, now: Int) -> [ReservationModel] {
        var reservations: [ReservationModel] = []
        ScontrolRecord.forEach("ReservationName", in: output) { record in
            guard let name = record["ReservationName"] else { return }
            let start = record.integer("StartTime") ?? 0
            let end = record.integer("EndTime") ?? 0
            reservations.append(
                ReservationModel(
                    name: name, nodeList: record["Nodes"] ?? "", endTime: end, startTime: start, features: record["Features"],
                    state: record["State"]?.lowercased() ?? (start <= now && now < end ? "active" : "inactive")))
        }
        return reservations
    }
}
