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

    /// One job, whenever it ran; the other conditions then do not count.
    var job: JobID?
    var allUsers = false
    var account: String?
    var name: String?
    var timeWindow = TimeWindow.day

    /// The longest name that is looked for, in characters.
    static let maximumNameLength = 235
}
