import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/filesystem/{system_name}/transfer/**`
    static let transfer: [Operation] = [
        Operation(
            .post, "/filesystem/{system_name}/transfer/mv", .transfer, name: "move_mv",
            summary: "Move or rename a file or directory",
            parameters: [idempotencyKey], body: .json(.moveRequest), answer: .created(.moveAnswer, "The job was submitted."),
            failures: failures),
        Operation(
            .post, "/filesystem/{system_name}/transfer/cp", .transfer, name: "post_cp",
            summary: "Copy a file or directory",
            parameters: [idempotencyKey], body: .json(.copyRequest), answer: .created(.copyAnswer, "The job was submitted."),
            failures: failures),
        Operation(
            .delete, "/filesystem/{system_name}/transfer/rm", .transfer, name: "delete_rm",
            summary: "Remove a file or a directory with all that is in it",
            parameters: [.filePath("What to remove; absolute."), .query("account", .string, Schema.accountUse), idempotencyKey],
            answer: .ok(.removeAnswer, "The job was submitted."), failures: failures),
    ]

    private static let idempotencyKey = Parameter.header(
        "Idempotency-Key", .string.with("minLength", 1).with("maxLength", 255),
        "A text of your choice. A request that repeats it gets the first one's answer instead of a second job.")

    private static let failures: [Failure] = [
        .conflict.when("The first request with this `Idempotency-Key` has no job."), .tooLarge,
        .unprocessable.when("This `Idempotency-Key` was used before, for another transfer."),
        .notImplemented.when("The system has no file system with `default_work_dir`, in which the jobs run."),
    ]
}
