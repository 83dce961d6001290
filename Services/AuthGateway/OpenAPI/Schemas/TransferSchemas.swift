import GoldcrestProtocol

extension Schema {
    static let moveRequest = component("MoveRequest", .object(sourceAndTarget))
    static let copyRequest = component(
        "CopyRequest",
        .object(sourceAndTarget + [.optional("dereference", .boolean.with("default", false), "Copy what symbolic links lead to instead of the links.")]))

    private static let sourceAndTarget: [Property] = [
        .required("sourcePath", .string, "Absolute. `path` is the same."),
        .required("targetPath", .string, "Absolute; a name, or a directory to put it in."),
        .optional("account", .string.nullable, accountUse),
    ]

    static let accountUse = "What the job is charged to. Needed on systems whose `datatransfer_jobs_directives` have `{account}`."

    static let moveAnswer = transfer("MoveResponse")
    static let copyAnswer = transfer("CopyResponse")
    static let removeAnswer = transfer("DeleteResponse")

    private static func transfer(_ name: String) -> Schema {
        component(name, .object([.required("transferJob", transferJob)]))
    }

    private static let transferJob = component(
        "TransferJob",
        .object([
            .required("jobId", .string, "To be followed by `GET /compute/{system_name}/jobs/{job_id}`."),
            .required("system", .string),
            .required("workingDirectory", .string),
            .required("logs", transferJobLogs),
        ]))

    private static let transferJobLogs = component(
        "TransferJobLogs",
        .object([.required("outputLog", .string, "A file on the system."), .required("errorLog", .string, "A file on the system.")]))
}
