import GoldcrestProtocol
import HTTPTypes

extension Operation {
    /// `/filesystem/{system_name}/transfer/**`
    static let transfer: [Operation] = [
        Operation(
            .post, "/filesystem/{system_name}/transfer/mv", .transfer, name: "move_mv",
            summary: "Move or rename a file or directory",
            parameters: [idempotencyKey], body: .json(.moveRequest), answer: .created(.moveAnswer, "The job was submitted."),
            failures: failures()),
        Operation(
            .post, "/filesystem/{system_name}/transfer/cp", .transfer, name: "post_cp",
            summary: "Copy a file or directory",
            parameters: [idempotencyKey], body: .json(.copyRequest), answer: .created(.copyAnswer, "The job was submitted."),
            failures: failures()),
        Operation(
            .delete, "/filesystem/{system_name}/transfer/rm", .transfer, name: "delete_rm",
            summary: "Remove a file or a directory with all that is in it",
            parameters: [.filePath("What to remove; absolute."), .query("account", .string, Schema.accountUse), idempotencyKey],
            answer: .ok(.removeAnswer, "The job was submitted."), failures: failures()),
        Operation(
            .post, "/filesystem/{system_name}/transfer/compress", .transfer, name: "compress",
            summary: "Put files into a tar archive",
            parameters: [idempotencyKey], body: .json(.compressByJobRequest), answer: .created(.compressAnswer, "The job was submitted."),
            failures: failures()),
        Operation(
            .post, "/filesystem/{system_name}/transfer/extract", .transfer, name: "extract",
            summary: "Unpack a tar archive",
            parameters: [idempotencyKey], body: .json(.extractByJobRequest), answer: .created(.extractAnswer, "The job was submitted."),
            failures: failures()),
        Operation(
            .post, "/filesystem/{system_name}/transfer/upload", .transfer, name: "post_upload",
            summary: "Bring a file of any size to the system",
            description: uploads,
            parameters: [idempotencyKey], body: .json(.uploadRequest), answer: .created(.uploadAnswer, "The job was submitted."),
            failures: failures(with: noDataTransfer)),
        Operation(
            .post, "/filesystem/{system_name}/transfer/download", .transfer, name: "post_download",
            summary: "Get a file of any size from the system",
            description: downloads,
            parameters: [idempotencyKey], body: .json(.downloadRequest), answer: .created(.downloadAnswer, "The job was submitted."),
            failures: failures(with: noDataTransfer)),
    ]

    private static let uploads = """
        The job waits for the file and puts it in place when it is there as a whole.

        - `s3`: PUT each part to its URL of `partsUploadUrls`, in this order; all but the last have `maxPartSize` bytes. Then POST the list of the parts \
        with the `ETag` of each answer, as S3's CompleteMultipartUpload wants it, to `completeUploadUrl`.
        - `streamer`: when the job runs, `streamer send --coordinates COORDINATES --path FILE` of the package `firecrest-streamer`.
        - `wormhole`: begin with `wormhole send FILE`, which gives out the `wormholeCode`.
        """

    private static let downloads = """
        - `s3`: when the job has succeeded, GET `downloadUrl`.
        - `streamer`: when the job runs, `streamer receive --coordinates COORDINATES --path FILE` of the package `firecrest-streamer`.
        - `wormhole`: `wormhole receive CODE`, which waits for the job.
        """

    private static let idempotencyKey = Parameter.header(
        "Idempotency-Key", .string.with("minLength", 1).with("maxLength", 255),
        "A text of your choice. A request that repeats it gets the first one's answer instead of a second job.")

    private static func failures(with notImplemented: Failure = noWorkDirectory) -> [Failure] {
        [
            .conflict.when("The first request with this `Idempotency-Key` has no job."), .tooLarge,
            .unprocessable.when("This `Idempotency-Key` was used before, for another transfer."), notImplemented,
        ]
    }

    private static let noWorkDirectory = Failure.notImplemented.when("The system has no file system with `default_work_dir`, in which the jobs run.")
    private static let noDataTransfer = Failure.notImplemented.when(
        "The system has no `data_transfer`, by which files get in and out, or no file system with `default_work_dir`, in which the jobs run.")
}
