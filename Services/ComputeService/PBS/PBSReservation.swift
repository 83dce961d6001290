import GoldcrestProtocol
import NIOCore

/// What `pbs_rstat -F` prints: a paragraph for each reservation, with a line `name = value` for each attribute.
enum PBSReservation {
    static func reservations(_ output: ByteBuffer) -> [ReservationModel] {
        var reservations: [[Substring: Substring]] = []
        for line in String(buffer: output).split(separator: "\n") {
            if let id = value(line, of: "Resv ID: ") {
                reservations.append(["id": id])
                continue
            }
            guard let last = reservations.indices.last, let equals = line.firstRange(of: " = ") else { continue }
            let name = line[..<equals.lowerBound].drop { $0 == " " || $0 == "\t" }
            // Users write into the last ones, and might write such a line.
            if reservations[last][name] == nil { reservations[last][name] = line[equals.upperBound...] }
        }
        return reservations.compactMap(reservation)
    }

    /// - Returns: `nil` for one without times, which nobody has agreed to yet.
    private static func reservation(_ attributes: [Substring: Substring]) -> ReservationModel? {
        guard let id = attributes["id"], let start = PBSTime.point(attributes["reserve_start"].map(String.init)),
            let end = PBSTime.point(attributes["reserve_end"].map(String.init))
        else { return nil }
        // The queue's name, by which jobs use the reservation; what its owner calls it need not be unique.
        return ReservationModel(
            name: attributes["queue"].map(String.init) ?? queue(of: id), nodeList: nodes(attributes["resv_nodes"] ?? ""), endTime: end, startTime: start,
            features: nil, state: attributes["reserve_state"] == "RESV_RUNNING" ? "active" : "inactive")
    }

    /// The vnodes of `(n1:ncpus=1)+(n2:ncpus=1+n3:ncpus=2)`, each once.
    private static func nodes(_ text: Substring) -> String {
        var seen: Set<Substring> = []
        return text.split(whereSeparator: { "()+".contains($0) }).map { $0.prefix { $0 != ":" } }.filter { seen.insert($0).inserted }.joined(separator: ",")
    }

    /// The queue of a reservation: `R10` of `R10.pbs01`.
    static func queue(of reservation: some StringProtocol) -> String { String(reservation.prefix { $0 != "." }) }

    /// Whether a queue is that of a reservation: an advance, standing or maintenance one.
    static func isQueue(_ name: String) -> Bool { name.wholeMatch(of: #/[RSM][0-9]+/#) != nil }

    private static func value(_ line: Substring, of key: String) -> Substring? {
        line.hasPrefix(key) ? line.dropFirst(key.count) : nil
    }
}
