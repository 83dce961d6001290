/// The answer to a question for jobs.
public struct JobsAnswer: Codable, Sendable, Equatable {
    public var jobs: [JobModel]

    public init(jobs: [JobModel]) {
        self.jobs = jobs
    }
}
