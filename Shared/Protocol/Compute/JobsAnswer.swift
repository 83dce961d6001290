/// The answer to a question for jobs.
public struct JobsAnswer: Codable, Sendable, Equatable {
    public var jobs: [JobModel]
    /// How many jobs there are, of which `jobs` may be a page; absent where one job was asked for.
    public var total: Int?

    public init(jobs: [JobModel], total: Int? = nil) {
        self.jobs = jobs
        self.total = total
    }
}
