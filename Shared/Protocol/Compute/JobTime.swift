/// The times of a job or one of its steps, in seconds; points in time since 1970 (UTC).
public struct JobTime: Codable, Sendable, Equatable {
    @Nullable public var elapsed: Int?
    @Nullable public var submitTime: Int?
    @Nullable public var start: Int?
    @Nullable public var end: Int?
    @Nullable public var suspended: Int?
    /// The time limit.
    @Nullable public var limit: Int?

    public init(elapsed: Int?, submitTime: Int?, start: Int?, end: Int?, suspended: Int?, limit: Int?) {
        self.elapsed = elapsed
        self.submitTime = submitTime
        self.start = start
        self.end = end
        self.suspended = suspended
        self.limit = limit
    }
}
