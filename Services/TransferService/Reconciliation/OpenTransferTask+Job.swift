import GoldcrestProtocol

extension OpenTransferTask {
    /// The step that a job's state means for its task; `nil` if it means none.
    func change(by job: TransferJobs.Job) -> TransferTaskChange? {
        let found = jobID == nil ? job.jobId : nil
        guard let next = TransferTaskState(jobState: job.status.state), next != state else {
            return found.map { TransferTaskChange(id, to: .submitted, jobID: $0) }
        }
        return TransferTaskChange(id, to: next, jobID: found, error: job.status.failure(as: next, errorLog: errorLog))
    }
}

extension JobStatus {
    /// Why a job did not succeed, in words for its user; `nil` unless it has ended so.
    func failure(as state: TransferTaskState, errorLog: String) -> String? {
        switch state {
        case .cancelled: return "The job was cancelled\(reason)"
        case .failed: break
        default: return nil
        }
        let cause =
            switch self.state {
            case "TIMEOUT", "DEADLINE": "The job ran out of its time limit"
            case "OUT_OF_MEMORY": "The job ran out of memory"
            case "NODE_FAIL", "BOOT_FAIL", "LAUNCH_FAILED": "The job's node failed"
            case "PREEMPTED": "The job had to give way to others"
            default: "The job failed"
            }
        return "\(cause)\(reason): \(facts); see \(errorLog) on the system"
    }

    /// What the scheduler says of it beyond the state.
    private var reason: String {
        guard let stateReason, !["", "None", "NonZeroExitCode", state].contains(stateReason) else { return "" }
        return " (\(stateReason))"
    }

    private var facts: String {
        var facts = ["state \(state)"]
        if let exitCode { facts.append("exit code \(exitCode)") }
        if let interruptSignal { facts.append("signal \(interruptSignal)") }
        return facts.joined(separator: ", ")
    }
}
