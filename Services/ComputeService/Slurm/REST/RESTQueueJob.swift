import GoldcrestProtocol

/// A job as the controller knows it: an element of `GET /slurm/…/jobs`.
enum RESTQueueJob {
    /// - Parameter now: Seconds since 1970; the controller does not tell how long a job has run.
    /// - Returns: `nil` for what has no id.
    static func read(_ reader: inout JSONPullReader, now: Int) throws -> JobModel? {
        var id = RESTJobID()
        var states: [String] = []
        var reason: String?
        var exit = RESTExit()
        var time = JobTime(elapsed: nil, submitTime: nil, start: nil, end: nil, suspended: nil, limit: nil)
        var job = JobModel.blank
        var nodeCount: Int?
        try reader.object { key, value in
            switch key {
            case "job_id": id.number = try value.slurmInteger()
            case "array_job_id": id.array = try value.slurmInteger()
            case "array_task_id": id.task = try value.slurmInteger()
            case "array_task_string": id.waitingTasks = try value.slurmText()
            case "het_job_id": id.heterogeneous = try value.slurmInteger()
            case "het_job_offset": id.part = try value.slurmInteger()
            case "job_state": states = try value.slurmWords()
            case "state_reason": reason = try value.slurmText()
            case "exit_code": exit = try RESTExit(reading: &value)
            case "submit_time": time.submitTime = try value.slurmTime()
            case "start_time": time.start = try value.slurmTime()
            case "end_time": time.end = try value.slurmTime()
            case "time_limit": time.limit = try value.slurmLimit()
            case "node_count": nodeCount = try value.slurmInteger()
            case "name": job.name = try value.slurmText() ?? job.name
            case "account": job.account = try value.slurmText()
            case "cluster": job.cluster = try value.string() ?? ""
            case "group_name": job.group = try value.slurmText()
            case "nodes": job.nodes = try value.slurmText() ?? job.nodes
            case "partition": job.partition = try value.string() ?? ""
            case "user_name": job.user = try value.slurmText()
            case "current_working_directory": job.workingDirectory = try value.string() ?? ""
            case "priority": job.priority = try value.slurmInteger()
            default: break
            }
        }
        guard let text = id.text else { return nil }
        let state = SlurmState(words: states)
        // For others than those that ended by themselves accounting keeps 0 instead.
        job.status = (["COMPLETED", "FAILED"].contains(state.base) ? exit : RESTExit()).status(state, reason: reason)
        job.jobId = text
        job.allocationNodes = state.base == "PENDING" ? 0 : nodeCount ?? 0
        // Until a job ends this is a guess of the scheduler, made from its limit.
        if !state.isFinal { time.end = nil }
        job.time = time
        return aged(job, now: now)
    }

    /// A job with the time for which it has run until now.
    static func aged(_ job: JobModel, now: Int) -> JobModel {
        var job = job
        if job.status.state == "PENDING" {
            job.time.elapsed = 0
        } else {
            job.time.elapsed = job.time.start.map { max(0, (job.time.end ?? now) - $0) }
        }
        return job
    }
}

extension JobModel {
    /// A job of which nothing is known but what Slurm says of every such job.
    static let blank = JobModel(
        jobId: "", name: "allocation", status: JobStatus(state: "UNKNOWN", stateReason: nil, exitCode: nil, interruptSignal: nil), tasks: [],
        time: JobTime(elapsed: nil, submitTime: nil, start: nil, end: nil, suspended: nil, limit: nil), account: nil, allocationNodes: 0,
        cluster: "", group: nil, nodes: "None assigned", partition: "", killRequestUser: nil, user: nil, workingDirectory: "", priority: nil)
}
