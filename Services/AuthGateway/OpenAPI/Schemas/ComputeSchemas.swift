import GoldcrestProtocol

extension Schema {
    // MARK: - Submission

    static let jobSubmission = component("PostJobSubmitRequest", .object([.required("job", jobDescription)]))

    private static let jobDescription = component(
        "JobDescriptionModel",
        .object([
            .required("workingDirectory", .string, "Absolute; the job starts there."),
            .optional("script", .string, "The script itself. Exactly one of `script` and `scriptPath` is needed."),
            .optional("scriptPath", .string, "A script that is on the system already; absolute."),
            .optional("name", .string.nullable),
            .optional("account", .string.nullable, "What the job is charged to."),
            .optional("partition", .string.nullable, "The partition, or queue."),
            .optional("reservation", .string.nullable),
            .optional("constraints", .string.nullable, "Features that its nodes must have, as the scheduler writes them."),
            .optional("standardInput", .string.nullable),
            .optional("standardOutput", .string.nullable),
            .optional("standardError", .string.nullable),
            .optional("env", environment, "Variables for the job's environment, as an object or as a list of `NAME=value`. `environment` is the same."),
        ]))

    private static let environment = any(of: .map(of: .string), .array(of: .string)).with("default", ["F7T_version": "v2.0.0"])

    static let jobSubmissionAnswer = component(
        "PostJobSubmissionResponse", .object([.required("jobId", .string, "As the scheduler prints it.")]))

    static let attachment = component(
        "PostJobAttachRequest", .object([.required("command", .string, "A line for `bash -c` on the job's nodes.")]))

    // MARK: - Jobs

    static let jobsAnswer = component(
        "GetJobResponse",
        .object([
            .required("jobs", .array(of: job)),
            .optional("total", .integer, "How many jobs there are, of which `jobs` may be a page. Absent where one job was asked for."),
        ]))

    static let job = component(
        "JobModel",
        .object([
            .required("jobId", .string, "As the scheduler prints it: `123`, `123_4`, `123_[5-9]`."),
            .required("name", .string),
            .required("status", jobStatus),
            .required("time", jobTime),
            .required("tasks", .array(of: jobTask).nullable, "The job's steps; empty before the first one."),
            .required("user", .string.nullable),
            .required("group", .string.nullable),
            .required("account", .string.nullable),
            .required("cluster", .string),
            .required("partition", .string),
            .required("nodes", .string, "The allocated nodes, or `None assigned`."),
            .required("allocationNodes", .integer, "How many nodes."),
            .required("workingDirectory", .string),
            .required("priority", .integer.nullable),
            .required("killRequestUser", .string.nullable, "Who cancelled it."),
        ]))

    private static let jobStatus = component(
        "JobStatus",
        .object([
            .required(
                "state", .string,
                "One vocabulary on all schedulers: `PENDING`, `RUNNING`, `SUSPENDED`, `COMPLETED`, `FAILED`, `CANCELLED`, `TIMEOUT`, `OUT_OF_MEMORY`, `NODE_FAIL`, `PREEMPTED`, `BOOT_FAIL`, `DEADLINE` …"),
            .required("stateReason", .string.nullable),
            .required("exitCode", .integer.nullable),
            .required("interruptSignal", .integer.nullable, "The signal that ended it, if one did."),
        ]))

    private static let jobTime = component(
        "JobTime",
        .object([
            .required("submitTime", .integer.nullable, "Unix time in seconds."),
            .required("start", .integer.nullable, "Unix time in seconds; expected, while the job is pending."),
            .required("end", .integer.nullable, "Unix time in seconds."),
            .required("elapsed", .integer.nullable, "Seconds."),
            .required("suspended", .integer.nullable, "Seconds."),
            .required("limit", .integer.nullable, "The time limit in seconds."),
        ]))

    private static let jobTask = component(
        "JobTask",
        .object([.required("id", .string), .required("name", .string), .required("status", jobStatus), .required("time", jobTime)]))

    static let jobsTimeWindow = component("JobsTimeWindow", .choice(["1h", "8h", "24h", "3d", "7d"]))

    static let jobMetadataAnswer = component("GetJobMetadataResponse", .object([.required("jobs", .array(of: jobMetadata))]))

    private static let jobMetadata = component(
        "JobMetadataModel",
        .object([
            .required("jobId", .string),
            .required("script", .string.nullable, "The text of the script, where the scheduler keeps it."),
            .required("standardInput", .string.nullable, "The full path, with `%j` and the like filled in."),
            .required("standardOutput", .string.nullable, "The full path, with `%j` and the like filled in."),
            .required("standardError", .string.nullable, "The full path, with `%j` and the like filled in."),
        ]))
}
