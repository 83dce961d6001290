/// Which jobs a scheduler is asked for.
enum JobsQuery: Sendable, Equatable {
    /// Those with these ids, whenever they ran: what is asked grows with the transfers, not with the system.
    case ids([String])
    /// All that wait, run, or ended not long ago; among them a job is found whose id was never written down.
    case all(endedWithin: Window)

    /// How far back ended jobs are looked for.
    enum Window: String, Sendable, CaseIterable {
        case hour = "1h"
        case day = "24h"
        case week = "7d"

        private var length: Duration {
            switch self {
            case .hour: .seconds(3600)
            case .day: .seconds(24 * 3600)
            case .week: .seconds(7 * 24 * 3600)
            }
        }

        /// The shortest that reaches back so far, with something more for clocks that differ; at most a week.
        static func reachingBack(_ age: Duration) -> Window {
            allCases.first { $0.length >= age + .seconds(600) } ?? .week
        }
    }

    /// As many as compute-service takes in one query.
    static let mostIDs = 1000

    /// The parameters of `GET /compute/{system}/jobs`.
    var parameters: [(name: String, value: String)] {
        switch self {
        case .ids(let ids): [("allusers", "true"), ("ids", ids.joined(separator: ","))]
        case .all(let window): [("allusers", "true"), ("time_window", window.rawValue)]
        }
    }
}
