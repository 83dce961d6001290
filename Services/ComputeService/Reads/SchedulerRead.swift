/// What can be read of a system's scheduler, and for whom.
struct SchedulerRead: Sendable, Hashable {
    enum Subject: Sendable, Hashable {
        case jobs(JobListing)
        /// Single jobs; those of all readers are looked up together.
        case jobsByID
        case metadata(JobID)
        case nodes
        case partitions(includesHidden: Bool)
        case reservations
        case userInfo

        /// As metrics name it.
        var label: String {
            switch self {
            case .jobs: "jobs"
            case .jobsByID: "job"
            case .metadata: "metadata"
            case .nodes: "nodes"
            case .partitions: "partitions"
            case .reservations: "reservations"
            case .userInfo: "userinfo"
            }
        }
    }

    let system: String
    let user: String
    let subject: Subject
}
