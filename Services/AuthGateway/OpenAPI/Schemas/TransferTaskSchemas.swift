import GoldcrestProtocol

extension Schema {
    static let transferOperation = component("TransferOperation", .choice(["mv", "cp", "rm", "compress", "extract", "upload", "download"]))

    static let transferTasksAnswer = component(
        "GetTransferTasksResponse",
        .object([
            .required("tasks", .array(of: transferTask)),
            .required("nextCursor", .string.nullable, "Send it as `cursor` for the next page; `null` on the last one."),
        ]))

    static let transferTask = component(
        "TransferTask",
        .object(
            [
                .required("id", .string.with("format", "uuid"), "Also in the name of the job and of its logs."),
                .required("system", .string),
                .required("operation", transferOperation),
                .required("state", transferTaskState),
                .required("jobId", .string.nullable, "The scheduler's, once it has the job."),
            ] + transferRequest + [
                .required("workingDirectory", .string, "Where the job runs."),
                .required("logs", transferJobLogs),
                .required("error", .string.nullable, "Why the task did not succeed."),
                .required("attempts", .integer, "How often somebody set out to submit the job."),
                .required("createdAt", .dateTime),
                .required("updatedAt", .dateTime),
                .required("submittedAt", .dateTime.nullable),
                .required("startedAt", .dateTime.nullable, "When the job was first seen running."),
                .required("endedAt", .dateTime.nullable),
                .optional("progress", transferProgress, "In the answer about one task, where it is known."),
            ]))

    private static let transferTaskState = component(
        "TransferTaskState",
        .choice(["accepted", "submitted", "queued", "running", "succeeded", "failed", "cancelled", "expired"])
            .described("`accepted`, `submitted`, `queued`, `running`, and one end: `succeeded`, `failed`, `cancelled`, or `expired` if nobody knows how the job ended."))

    /// What the task is to do, as it was asked for.
    private static let transferRequest: [Property] = [
        .optional("sourcePath", .string, "On the system."),
        .optional("targetPath", .string, "On the system."),
        .optional("account", .string, "What the job is charged to."),
        .optional("dereference", .boolean, "Whether symbolic links are followed."),
        .optional("compression", transferCompression),
        .optional("matchPattern", .string, "Which files go into an archive."),
        .optional("transferMethod", .choice(["s3", "streamer", "wormhole"])),
        .optional("fileSize", .integer, "The announced size of an upload, in bytes."),
    ]

    private static let transferCompression = Schema.choice(of: Compression.self)

    private static let transferProgress = component(
        "TransferProgress",
        .object([
            .required("transferredBytes", .integer, "Into object storage while the user uploads, then those that the job has moved."),
            .required("totalBytes", .integer),
        ]))

    static let transferTaskEvents = string.described(
        "`state` events with a `TransferTask` as `data` and an `id` by which a client tells what it has seen; `progress` events with a `TransferProgress`. Comments come when nothing else does.")
}
