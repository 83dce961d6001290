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

    /// - Parameter jobID: The scheduler's id of the task's job.
    init(_ task: TransferTask, jobID: String) {
        transferJob = Job(
            jobId: jobID, system: task.request.system, workingDirectory: task.request.workingDirectory,
            logs: Logs(outputLog: task.request.outputLog, errorLog: task.request.errorLog))
    }
}
