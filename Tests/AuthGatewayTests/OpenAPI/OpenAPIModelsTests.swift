@testable import ComputeService
import Foundation
import GoldcrestProtocol
import Testing
@testable import TransferService

/// Samples with every field filled in, or with every field empty that may be, are just as the document says.
@Suite("The OpenAPI document and the models of the API")
struct OpenAPIModelsTests {
    private let api: DescribedAPI

    init() throws {
        api = try DescribedAPI()
    }

    /// - Parameters:
    ///   - full: Has every field, so that the document describes none that isn't there.
    ///   - empty: Has nothing that may be absent.
    private func expect<Model: Encodable>(_ component: String, describes full: Model, and empty: Model? = nil) throws {
        #expect(try api.differences(of: full, from: component) == [])
        if let empty { #expect(try api.differences(of: empty, from: component) == []) }
        let encoded = try JSONDecoder().decode([String: JSONValue].self, from: JSONEncoder().encode(full))
        #expect(Set(encoded.keys) == Set((api["components", "schemas", component, "properties"]?.object ?? [:]).keys))
    }

    @Test("agree about jobs")
    func jobs() throws {
        let status = JobStatus(state: "FAILED", stateReason: "NonZeroExitCode", exitCode: 1, interruptSignal: 9)
        let time = JobTime(elapsed: 1, submitTime: 2, start: 3, end: 4, suspended: 5, limit: 6)
        let task = JobTask(id: "7.batch", name: "batch", status: status, time: time)
        let job = JobModel(
            jobId: "7", name: "n", status: status, tasks: [task], time: time, account: "a", allocationNodes: 1, cluster: "c", group: "g",
            nodes: "n1", partition: "p", killRequestUser: "u", user: "u", workingDirectory: "/", priority: 1)
        let noStatus = JobStatus(state: "PENDING", stateReason: nil, exitCode: nil, interruptSignal: nil)
        let noTime = JobTime(elapsed: nil, submitTime: nil, start: nil, end: nil, suspended: nil, limit: nil)
        let empty = JobModel(
            jobId: "7", name: "n", status: noStatus, tasks: nil, time: noTime, account: nil, allocationNodes: 1, cluster: "c", group: nil,
            nodes: "n1", partition: "p", killRequestUser: nil, user: nil, workingDirectory: "/", priority: nil)
        try expect("JobStatus", describes: status, and: noStatus)
        try expect("JobTime", describes: time, and: noTime)
        try expect("JobTask", describes: task)
        try expect("JobModel", describes: job, and: empty)
        try expect("GetJobResponse", describes: JobsAnswer(jobs: [job], total: 1), and: JobsAnswer(jobs: [empty]))
        try expect("PostJobSubmissionResponse", describes: JobSubmissionAnswer(jobId: "7"))
        let metadata = JobMetadata(jobId: "7", script: "#!", standardInput: "/i", standardOutput: "/o", standardError: "/e")
        let noMetadata = JobMetadata(jobId: "7", script: nil, standardInput: nil, standardOutput: nil, standardError: nil)
        try expect("JobMetadataModel", describes: metadata, and: noMetadata)
        try expect("GetJobMetadataResponse", describes: JobMetadataAnswer(jobs: [metadata]))
    }

    @Test("agree about the filters of jobs")
    func jobFilters() throws {
        let windows = api["components", "schemas", "JobsTimeWindow", "enum"]?.array?.compactMap(\.text)
        #expect(windows == JobQuery.TimeWindow.allCases.map(\.rawValue))
        let parameters = api.operation("get", "/compute/{system_name}/jobs")?.at(["parameters"])?.array ?? []
        func schema(of name: String) -> JSONValue? { parameters.first { $0.at(["name"]) == .string(name) }?.at(["schema"]) }
        #expect(schema(of: "name")?.at(["maxLength"]) == JSONValue(JobQuery.maximumNameLength))
        #expect(schema(of: "time_window")?.at(["default"]) == .string(JobQuery().timeWindow.rawValue))
    }

    @Test("agree about nodes, partitions and reservations")
    func resources() throws {
        let node = NodeModel(
            sockets: 1, cores: 2, threads: 3, cpus: 6, cpuLoad: 0.5, freeMemory: 1, features: ["f"], name: "n", address: "a", hostname: "h",
            state: NodeState.allCases, partitions: ["p"], weight: 1, allocMemory: 1, allocCpus: 1, idleCpus: 1)
        let emptyNode = NodeModel(
            sockets: nil, cores: nil, threads: nil, cpus: 6, cpuLoad: nil, freeMemory: nil, features: nil, name: "n", address: nil, hostname: nil,
            state: [], partitions: nil, weight: nil, allocMemory: nil, allocCpus: nil, idleCpus: nil)
        try expect("NodeModel", describes: node, and: emptyNode)
        try expect("GetNodesResponse", describes: NodesAnswer(nodes: [node]))
        let partition = PartitionModel(name: "p", cpus: 1, totalNodes: 1, partition: "UP")
        try expect("PartitionModel", describes: partition, and: PartitionModel(name: "p", cpus: nil, totalNodes: nil, partition: "UP"))
        try expect("GetPartitionsResponse", describes: PartitionsAnswer(partitions: [partition]))
        let reservation = ReservationModel(name: "r", nodeList: "n", endTime: 2, startTime: 1, features: "f", state: "active")
        try expect(
            "ReservationModel", describes: reservation,
            and: ReservationModel(name: "r", nodeList: "n", endTime: 2, startTime: 1, features: nil, state: nil))
        try expect("GetReservationsResponse", describes: ReservationsAnswer(reservations: [reservation]))
    }

    @Test("agree about users")
    func users() throws {
        let identity = UserInfo.Identity(id: "1", name: "u")
        let account = UserInfo.Account(name: "a", default: true)
        try expect("PosixIdentified", describes: identity)
        try expect("AccountsModel", describes: account)
        try expect(
            "UserInfoResponse", describes: UserInfo(user: identity, group: identity, groups: [identity], accounts: [account]),
            and: UserInfo(user: identity, group: identity, groups: [], accounts: nil))
    }

    @Test("agree about files")
    func files() throws {
        func entry(_ linkTarget: String?) -> FileEntry {
            FileEntry(name: "n", type: "l", linkTarget: linkTarget, user: "u", group: "g", permissions: "rwxrwxrwx", lastModified: "t", size: "1")
        }
        let content = FileContent(content: "c", contentType: .bytes, startPosition: 0, endPosition: 1)
        let stat = FileStat(mode: 1, ino: 2, dev: 3, nlink: 4, uid: 5, gid: 6, size: 7, atime: 8, ctime: 9, mtime: 10)
        try expect("File", describes: entry("t"), and: entry(nil))
        struct Listing: Encodable {
            var output: [FileEntry]
            var total: Int?
        }
        try expect("GetDirectoryLsResponse", describes: Listing(output: [entry("t")], total: 1), and: Listing(output: [entry("t")]))
        for name in ["PostMkdir", "PostFileSymlink", "PutFileChmod", "PutFileChown", "PostFileCopy", "PostFileMove"] {
            try expect("\(name)Response", describes: OperationOutput(entry(nil)))
        }
        try expect("FileContent", describes: content, and: FileContent(content: "c", contentType: .lines, startPosition: 0, endPosition: 1))
        try expect("GetFileHeadResponse", describes: OperationOutput(content))
        try expect("GetFileTailResponse", describes: OperationOutput(content))
        try expect("FileStat", describes: stat)
        try expect("GetFileStatResponse", describes: OperationOutput(stat))
        try expect("FileChecksum", describes: FileChecksum(checksum: "c"))
        try expect("GetFileChecksumResponse", describes: OperationOutput(FileChecksum(checksum: "c")))
        try expect("GetViewFileResponse", describes: OperationOutput("text"))
        try expect("GetFileTypeResponse", describes: OperationOutput("text"))
    }

    private func response(_ directives: TransferDirectives? = nil) -> TransferResponse {
        let task = TransferTask(
            id: UUID(), system: "c", username: "u", request: TransferRequest(operation: .mv), idempotencyKey: nil,
            files: TransferJobFiles(workingDirectory: "/w", outputLog: "/o", errorLog: "/e"), state: .submitted, jobID: "7", directives: directives,
            submissionEndsAt: Date(), createdAt: Date(), updatedAt: Date())
        return TransferResponse(task, jobID: "7")
    }

    @Test("agree about transfers", arguments: ["MoveResponse", "CopyResponse", "DeleteResponse", "CompressResponse", "ExtractResponse"])
    func transfers(component: String) throws {
        try expect(component, describes: response())
        try expect("TransferJob", describes: response().transferJob)
        try expect("TransferJobLogs", describes: response().transferJob.logs)
    }

    @Test("agree about what a client needs for its part", arguments: [
        (
            TransferDirectives(transferMethod: .s3, downloadUrl: "u", partsUploadUrls: ["u"], completeUploadUrl: "u", maxPartSize: 1),
            "S3TransferResponse"
        ),
        (TransferDirectives(transferMethod: .streamer, coordinates: "c"), "StreamerTransferResponse"),
        (TransferDirectives(transferMethod: .wormhole, wormholeCode: "c"), "WormholeTransferResponse"),
    ])
    func directives(of directives: TransferDirectives, component: String) throws {
        try expect(component, describes: directives, and: TransferDirectives(transferMethod: directives.transferMethod))
        for answer in ["UploadFileResponse", "DownloadFileResponse"] { try expect(answer, describes: response(directives)) }
    }

    @Test("agree about the tasks of transfers")
    func transferTasks() throws {
        let request = TransferRequest(
            operation: .upload, sourcePath: "/s", targetPath: "/t", account: "a", dereference: true, compression: .gzip, matchPattern: "m",
            transferMethod: .s3, fileSize: 1)
        func task(_ request: TransferRequest, _ state: TransferTaskState) -> TransferTask {
            TransferTask(
                id: UUID(), system: "c", username: "u", request: request, idempotencyKey: nil,
                files: TransferJobFiles(workingDirectory: "/w", outputLog: "/o", errorLog: "/e"), state: state, submissionEndsAt: Date(),
                createdAt: Date(), updatedAt: Date())
        }
        var full = task(request, .failed)
        full.jobID = "7"
        full.error = "e"
        (full.submittedAt, full.startedAt, full.endedAt) = (Date(), Date(), Date())
        let progress = try #require(TransferProgress(transferredBytes: 1, totalBytes: 2))
        let empty = TaskAnswer(task: task(TransferRequest(operation: .rm), .accepted))
        try expect("TransferTask", describes: TaskAnswer(task: full, progress: progress), and: empty)
        try expect("TransferProgress", describes: progress)
        try expect(
            "GetTransferTasksResponse", describes: TasksAnswer(tasks: [empty], nextCursor: "c"), and: TasksAnswer(tasks: [], nextCursor: nil))
        func values(of component: String) -> [String]? { api["components", "schemas", component, "enum"]?.array?.compactMap(\.text) }
        #expect(values(of: "TransferTaskState") == TransferTaskState.allCases.map(\.rawValue))
        #expect(values(of: "TransferOperation") == TransferOperation.allCases.map(\.rawValue))
    }

    @Test("agree about errors")
    func errors() throws {
        let field = ErrorBody.Field(location: .body, name: "n", message: "m")
        try expect("ApiResponseErrorField", describes: field)
        try expect(
            "ApiResponseError", describes: ErrorBody(errorType: .validation, message: "m", causedBy: ["c"], data: .init(fields: [field]), user: "u"),
            and: ErrorBody(message: "m"))
    }

    @Test("agree about health", arguments: [
        (BackendServiceType.scheduler, "SchedulerServiceHealth"), (.filesystem, "FilesystemServiceHealth"), (.ssh, "SSHServiceHealth"),
        (.s3, "S3ServiceHealth"), (.exception, "HealthCheckException"),
    ])
    func health(type: BackendServiceType, component: String) throws {
        try expect(
            component,
            describes: ServiceHealth(
                serviceType: type, lastChecked: Date(), latency: 0.5, healthy: true, message: "m", path: "/p", nodes: .init(available: 1, total: 2)),
            and: ServiceHealth(serviceType: type))
    }

    @Test("differ when a field is missing, of the wrong type, or not described")
    func differences() throws {
        #expect(try api.differences(of: ["id": "1"], from: "PosixIdentified") == ["PosixIdentified.name is missing"])
        #expect(try api.differences(of: ["id": "1", "name": "n", "x": "y"], from: "PosixIdentified") == ["PosixIdentified.x is not described"])
        #expect(try api.differences(of: ["jobId": 1], from: "PostJobSubmissionResponse").count == 1)
    }
}
