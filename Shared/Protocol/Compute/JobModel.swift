/// A job as clients see it.
public struct JobModel: Codable, Sendable, Equatable {
    /// As the scheduler prints it: `123`, `123_4`, `123_[5-9]`.
    public var jobId: String
    public var name: String
    public var status: JobStatus
    /// The job's steps; empty before the first one.
    @Nullable public var tasks: [JobTask]?
    public var time: JobTime
    @Nullable public var account: String?
    public var allocationNodes: Int
    public var cluster: String
    @Nullable public var group: String?
    /// The allocated nodes, or `None assigned`.
    public var nodes: String
    public var partition: String
    @Nullable public var killRequestUser: String?
    @Nullable public var user: String?
    public var workingDirectory: String
    @Nullable public var priority: Int?

    public init(
        jobId: String, name: String, status: JobStatus, tasks: [JobTask]?, time: JobTime, account: String?, allocationNodes: Int,
        cluster: String, group: String?, nodes: String, partition: String, killRequestUser: String?, user: String?,
        workingDirectory: String, priority: Int?
    ) {
        self.jobId = jobId
        self.name = name
        self.status = status
        self.tasks = tasks
        self.time = time
        self.account = account
        self.allocationNodes = allocationNodes
        self.cluster = cluster
        self.group = group
        self.nodes = nodes
        self.partition = partition
        self.killRequestUser = killRequestUser
        self.user = user
        self.workingDirectory = workingDirectory
        self.priority = priority
    }
}
