/// What was run as a job and where its input and output go.
public struct JobMetadata: Codable, Sendable, Equatable {
    public var jobId: String
    @Nullable public var script: String?
    @Nullable public var standardInput: String?
    @Nullable public var standardOutput: String?
    @Nullable public var standardError: String?

    public init(jobId: String, script: String?, standardInput: String?, standardOutput: String?, standardError: String?) {
        self.jobId = jobId
        self.script = script
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
    }
}

/// The answer to a question for metadata.
public struct JobMetadataAnswer: Codable, Sendable, Equatable {
    public var jobs: [JobMetadata]

    public init(jobs: [JobMetadata]) {
        self.jobs = jobs
    }
}
