/// The answer to a transfer that was handed to the scheduler.
struct TransferResponse: Encodable {
    struct Job: Encodable {
        let jobId: String
        let system: String
        let workingDirectory: String
        let logs: Logs
    }

    struct Logs: Encodable {
        let outputLog: String
        let errorLog: String
    }

    let transferJob: Job
    let transferDirectives: TransferDirectives?

    /// - Parameter jobID: The scheduler's id of the task's job.
    init(_ task: TransferTask, jobID: String) {
        transferJob = Job(
            jobId: jobID, system: task.system, workingDirectory: task.files.workingDirectory,
            logs: Logs(outputLog: task.files.outputLog, errorLog: task.files.errorLog))
        transferDirectives = task.directives
    }
}
