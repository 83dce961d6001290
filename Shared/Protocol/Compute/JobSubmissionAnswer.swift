/// The answer to a job that the scheduler took.
public struct JobSubmissionAnswer: Codable, Sendable, Equatable {
    public var jobId: String

    public init(jobId: String) {
        self.jobId = jobId
    }
}
