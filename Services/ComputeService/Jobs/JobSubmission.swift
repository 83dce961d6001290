import GoldcrestProtocol

/// A job that a client wants to run.
struct JobSubmission: Sendable, Equatable {
    enum Script: Sendable, Equatable {
        case text(String)
        /// A file on the system.
        case file(AbsolutePath)
    }

    var script: Script
    var workingDirectory: AbsolutePath
    var name: String?
    var account: String?
    var reservation: String?
    var partition: String?
    var constraints: String?
    var standardInput: String?
    var standardOutput: String?
    var standardError: String?
    /// Added to the job's environment.
    var environment: [String: String] = [:]
}
