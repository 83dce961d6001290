import GoldcrestProtocol

/// What a batch system does for a user.
///
/// Every method throws ``APIError``, or what converts to it, with the scheduler's own words where it refuses; status 501 where it cannot do
/// such a thing at all. No method waits longer than the scheduler's configured timeout.
protocol Scheduler: Sendable {
    /// - Returns: The new job's id.
    func submit(_ job: JobSubmission, as user: SchedulerUser) async throws -> String

    /// The jobs that a query finds; none is no error.
    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel]

    /// What was run as a job; status 404 if there is no such job.
    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata]

    /// Ends a job; one that has ended already is no error.
    func cancel(_ job: JobID, as user: SchedulerUser) async throws

    /// Starts a command beside the running job, on its nodes, and does not wait for its end.
    ///
    /// - Parameter command: A line for `bash -c`.
    func attach(_ command: String, to job: JobID, as user: SchedulerUser) async throws

    /// Holds, releases or requeues a job.
    func change(_ job: JobID, by change: JobChange, as user: SchedulerUser) async throws

    func nodes(as user: SchedulerUser) async throws -> [NodeModel]

    /// - Parameter includesHidden: Whether those that are hidden by configuration are among them.
    func partitions(includesHidden: Bool, as user: SchedulerUser) async throws -> [PartitionModel]

    func reservations(as user: SchedulerUser) async throws -> [ReservationModel]

    /// The accounts of the user; `nil` where the scheduler has none.
    func accounts(of user: SchedulerUser) async throws -> [UserInfo.Account]?

    /// Whether the scheduler answers, and how many nodes take jobs.
    func probe(as user: SchedulerUser) async throws -> ProbeAnswer
}
