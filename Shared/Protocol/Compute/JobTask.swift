/// A step of a job.
public struct JobTask: Codable, Sendable, Equatable {
    public var id: String
    public var name: String
    public var status: JobStatus
    public var time: JobTime

    public init(id: String, name: String, status: JobStatus, time: JobTime) {
        self.id = id
        self.name = name
        self.status = status
        self.time = time
    }
}
