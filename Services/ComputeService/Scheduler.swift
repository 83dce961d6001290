import GoldcrestProtocol

/// What a batch system does for a user.
protocol Scheduler: Sendable {
    /// - Returns: The new job's id.
    /// - Throws: ``APIError``; with the scheduler's own words where it refuses.
    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String

    /// The jobs that a query finds; none is no error.
    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel]

    /// What was run as a job.
    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata]

    /// Ends a job; one that has ended already is no error.
    func cancel(_ job: JobID, as user: SchedulerUser) async throws

    /// The accounts of the user; `nil` where the scheduler has none.
    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]?

    /// Whether the scheduler answers, and how many nodes take jobs.
    func probe(as user: SchedulerUser) async throws -> ProbeAnswer
}
