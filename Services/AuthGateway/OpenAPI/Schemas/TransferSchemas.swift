import GoldcrestProtocol

extension Schema {
    static let moveRequest = component("MoveRequest", .object(sourceAndTarget))
    static let copyRequest = component(
        "CopyRequest",
        .object(sourceAndTarget + [.optional("dereference", .boolean.with("default", false), "Copy what symbolic links lead to instead of the links.")]))

    private static let sourceAndTarget: [Property] = [
        .required("sourcePath", .string, "Absolute. `path` is the same."),
        .required("targetPath", .string, "Absolute; a name, or a directory to put it in."),
        account,
    ]

    static let compressByJobRequest = component("CompressRequest", .object(compressFields + [account]))
    static let extractByJobRequest = component("ExtractRequest", .object(extractFields + [account]))

    static let uploadRequest = component(
        "PostFileUploadRequest",
        .object([
            .required("sourcePath", .string, "The file to make or to replace, on the system; absolute. `path` is the same."),
            .required("transferDirectives", .any(of: wormholeUploadDirectives, s3Directives, streamerDirectives)),
            account,
        ]))

    static let downloadRequest = component(
        "PostFileDownloadRequest",
        .object([
            .required("sourcePath", .string, "The file, on the system; absolute. `path` is the same."),
            .required("transferDirectives", .any(of: wormholeDirectives, s3Directives, streamerDirectives)),
            account,
        ]))

    private static let s3Directives = component(
        "S3TransferRequest",
        .object([method("s3"), .optional("fileSize", .integer.with("minimum", 0).nullable, "The size in bytes. An upload needs it.")]))
    private static let streamerDirectives = component(
        "StreamerTransferRequest",
        .object([method("streamer"), .optional("fileSize", .integer.with("minimum", 0).nullable, "The size in bytes, of an upload.")]))
    private static let wormholeUploadDirectives = component(
        "WormholeTransferUploadRequest",
        .object([method("wormhole"), .required("wormholeCode", .string, "The code that `wormhole send` gave out.")]))
    private static let wormholeDirectives = component("WormholeTransferRequest", .object([method("wormhole")]))

    private static func method(_ name: String) -> Property {
        .required("transferMethod", .constant(name), "The way that the system has, as `data_transfer` of `/status/systems` tells.")
    }

    private static let account = Property.optional("account", .string.nullable, accountUse)

    static let accountUse = "What the job is charged to. Needed on systems whose `datatransfer_jobs_directives` have `{account}`."

    static let moveAnswer = transfer("MoveResponse")
    static let copyAnswer = transfer("CopyResponse")
    static let removeAnswer = transfer("DeleteResponse")

    static let compressAnswer = transfer("CompressResponse")
    static let extractAnswer = transfer("ExtractResponse")
    static let uploadAnswer = transfer("UploadFileResponse", [directives])
    static let downloadAnswer = transfer("DownloadFileResponse", [directives])

    private static func transfer(_ name: String, _ more: [Property] = []) -> Schema {
        component(name, .object([.required("transferJob", transferJob)] + more))
    }

    private static let directives = Property.required(
        "transferDirectives", .any(of: wormholeAnswer, s3Answer, streamerAnswer),
        "What the client needs for its part. It lets whoever has it read or write the file.")

    private static let s3Answer = component(
        "S3TransferResponse",
        .object([
            method("s3"),
            .optional("downloadUrl", .string, "Of a download: what to GET when the job has succeeded."),
            .optional("partsUploadUrls", .array(of: .string), "Of an upload: what to PUT each part to."),
            .optional("completeUploadUrl", .string, "Of an upload: what to POST the list of the parts to."),
            .optional("maxPartSize", .integer, "Of an upload: the bytes of each part but the last."),
        ]))
    private static let streamerAnswer = component(
        "StreamerTransferResponse", .object([method("streamer"), .optional("coordinates", .string, "As `firecrest-streamer` takes them.")]))
    private static let wormholeAnswer = component(
        "WormholeTransferResponse", .object([method("wormhole"), .optional("wormholeCode", .string, "As `wormhole receive` takes it.")]))

    private static let transferJob = component(
        "TransferJob",
        .object([
            .required("jobId", .string, "To be followed by `GET /compute/{system_name}/jobs/{job_id}`."),
            .required("system", .string),
            .required("workingDirectory", .string),
            .required("logs", transferJobLogs),
        ]))

    static let transferJobLogs = component(
        "TransferJobLogs",
        .object([.required("outputLog", .string, "A file on the system."), .required("errorLog", .string, "A file on the system.")]))
}
