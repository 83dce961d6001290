/// Which jobs are asked for.
struct JobQuery: Sendable, Hashable {
    /// How far back ended jobs are looked for; pending and running jobs always show.
    enum TimeWindow: String, Sendable, CaseIterable {
        case hour = "1h"
        case eightHours = "8h"
        case day = "24h"
        case threeDays = "3d"
        case week = "7d"

        var hours: Int {
            switch self {
            case .hour: 1
            case .eightHours: 8
            case .day: 24
            case .threeDays: 72
            case .week: 168
            }
        }
    }

    /// If there are any, only these, whenever they ran; an id that is not known is no error. Otherwise all jobs.
    var ids: [JobID] = []
    /// Whether other users' jobs count, too, as far as the scheduler shows them.
    var allUsers = false
    var account: String?
    var name: String?
    var timeWindow = TimeWindow.day

    /// The longest name that is looked for, in characters.
    static let maximumNameLength = 235
}

extension JobQuery {
    /// One job, whoever's and whenever it ran.
    init(_ job: JobID) {
        self.init(ids: [job], allUsers: true)
    }
}
