import GoldcrestProtocol

/// A job as accounting knows it: an element of `GET /slurmdb/…/jobs`.
struct RESTAccountedJob {
    /// Whether exit codes can be believed, see ``SlurmRESTVersion/tellsExitCodes``.
    let tellsExitCodes: Bool

    /// - Returns: `nil` for what has no id.
    func read(_ reader: inout JSONPullReader) throws -> JobModel? {
        var id = RESTJobID()
        var state = State()
        var exit = RESTExit()
        var job = JobModel.blank
        var steps: [Step] = []
        try reader.object { key, value in
            switch key {
            case "job_id": id.number = try value.slurmInteger()
            case "array":
                try value.object { key, value in
                    switch key {
                    case "job_id": id.array = try value.slurmInteger()
                    case "task_id": id.task = try value.slurmInteger()
                    case "task": id.waitingTasks = try value.slurmText()
                    default: break
                    }
                }
            case "het":
                try value.object { key, value in
                    switch key {
                    case "job_id": id.heterogeneous = try value.slurmInteger()
                    case "job_offset": id.part = try value.slurmInteger()
                    default: break
                    }
                }
            case "state": state = try State(reading: &value)
            case "exit_code": exit = try RESTExit(reading: &value)
            case "time": job.time = try Self.time(&value)
            case "steps": try value.array { steps.append(try Step.read(&$0)) }
            case "name": job.name = try value.slurmText() ?? job.name
            case "account": job.account = try value.slurmText()
            case "allocation_nodes": job.allocationNodes = try value.slurmInteger() ?? 0
            case "cluster": job.cluster = try value.string() ?? ""
            case "group": job.group = try value.slurmText()
            case "nodes": job.nodes = try value.slurmText() ?? job.nodes
            case "partition": job.partition = try value.string() ?? ""
            case "kill_request_user": job.killRequestUser = try value.slurmText()
            case "user": job.user = try value.slurmText()
            case "working_directory": job.workingDirectory = try value.string() ?? ""
            case "priority": job.priority = try value.slurmInteger()
            default: break
            }
        }
        guard let text = id.text else { return nil }
        let known = SlurmState(words: state.words)
        job.jobId = text
        job.status = exit.status(known, reason: state.reason, tellsCodes: tellsExitCodes)
        // 0.0.38 says "now" of a running job.
        if !known.isFinal { job.time.end = nil }
        job.tasks = steps.map { $0.task(of: text, tellsExitCodes: tellsExitCodes) }
        return job
    }

    /// The words for a state and its reason; of a step the words alone.
    private struct State {
        var words: [String] = []
        var reason: String?

        init() {}

        init(reading reader: inout JSONPullReader) throws {
            guard try reader.kind() == .object else {
                words = try reader.slurmWords()
                return
            }
            var words: [String] = []
            var reason: String?
            try reader.object { key, value in
                switch key {
                case "current": words = try value.slurmWords()
                case "reason": reason = try value.slurmText()
                default: break
                }
            }
            self.words = words
            self.reason = reason
        }
    }

    private struct Step {
        /// `0`, `batch`; in front of it may stand the job's number and a dot.
        private var id = ""
        private var name = ""
        private var state = State()
        private var exit = RESTExit()
        private var time = JobModel.blank.time

        static func read(_ reader: inout JSONPullReader) throws -> Step {
            var step = Step()
            try reader.object { key, value in
                switch key {
                case "step":
                    try value.object { key, value in
                        switch key {
                        case "id": step.id = try value.kind() == .string ? try value.string() ?? "" : try value.slurmInteger().map(String.init) ?? ""
                        case "name": step.name = try value.string() ?? ""
                        default: break
                        }
                    }
                case "state": step.state = try State(reading: &value)
                case "exit_code": step.exit = try RESTExit(reading: &value)
                case "time": step.time = try RESTAccountedJob.time(&value)
                default: break
                }
            }
            return step
        }

        func task(of job: String, tellsExitCodes: Bool) -> JobTask {
            let known = SlurmState(words: state.words)
            var time = time
            // As `sacct` does.
            time.submitTime = time.submitTime ?? time.start
            if !known.isFinal { time.end = nil }
            let suffix = id.split(separator: ".").last ?? ""
            return JobTask(
                id: "\(job).\(suffix)", name: name, status: exit.status(known, reason: state.reason, tellsCodes: tellsExitCodes), time: time)
        }
    }

    private static func time(_ reader: inout JSONPullReader) throws -> JobTime {
        var time = JobModel.blank.time
        try reader.object { key, value in
            switch key {
            case "elapsed": time.elapsed = try value.slurmInteger()
            case "submission": time.submitTime = try value.slurmTime()
            case "start": time.start = try value.slurmTime()
            case "end": time.end = try value.slurmTime()
            case "suspended": time.suspended = try value.slurmInteger()
            case "limit": time.limit = try value.slurmLimit()
            default: break
            }
        }
        return time
    }
}
