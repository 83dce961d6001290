import GoldcrestProtocol

/// A reservation: an element of `GET /slurm/…/reservations`.
enum RESTReservation {
    /// - Parameter now: Seconds since 1970; slurmrestd does not tell whether a reservation is in force.
    static func read(_ reader: inout JSONPullReader, now: Int) throws -> ReservationModel? {
        var reservation = ReservationModel(name: "", nodeList: "", endTime: 0, startTime: 0, features: nil, state: nil)
        try reader.object { key, value in
            switch key {
            case "name": reservation.name = try value.string() ?? ""
            case "node_list": reservation.nodeList = try value.string() ?? ""
            case "start_time": reservation.startTime = try value.slurmInteger() ?? 0
            case "end_time": reservation.endTime = try value.slurmInteger() ?? 0
            case "features": reservation.features = try value.slurmText()
            default: break
            }
        }
        reservation.state = reservation.startTime <= now && now < reservation.endTime ? "active" : "inactive"
        return reservation.name.isEmpty ? nil : reservation
    }
}
