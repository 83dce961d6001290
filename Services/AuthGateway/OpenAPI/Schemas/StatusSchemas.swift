import GoldcrestConfiguration
import GoldcrestProtocol

extension Schema {
    static let systemsAnswer = component("GetSystemsResponse", .object([.required("systems", .array(of: system))]))

    private static let system = component(
        "HPCCluster",
        .object([
            .required("name", .string, "In lower case."),
            .required("ssh", ssh),
            .required("scheduler", scheduler),
            .required("fileSystems", .array(of: fileSystem)),
            .required("dataOperation", dataOperation),
            .required("probing", probing),
            .required("servicesHealth", .array(of: serviceHealth).nullable, "What the last check found; `null` before the first one."),
            .required("lastHealthCheck", .dateTime.nullable, "When the last check ended."),
        ]))

    private static let ssh = component(
        "SSHClientPool",
        .object([
            .required("host", .string),
            .required("port", .integer),
            .required("proxyHost", .string.nullable),
            .required("proxyPort", .integer.nullable),
            .required("maxClients", .integer, "The most connections at a time."),
            .required("timeout", sshTimeouts),
        ]))

    private static let sshTimeouts = component(
        "SSHTimeouts",
        .object([
            .required("connection", .integer, "Seconds."),
            .required("login", .integer, "Seconds."),
            .required("commandExecution", .integer, "Seconds."),
            .required("idleTimeout", .integer, "Seconds after which an unused connection is closed."),
            .required("keepAlive", .integer, "Seconds between signs of life."),
        ]))

    private static let scheduler = component(
        "Scheduler",
        .object([
            .required("type", component("SchedulerType", .choice(of: Cluster.Scheduler.Kind.self))),
            .required(
                "connectionMode", component("SchedulerConnectionMode", .choice(of: Cluster.Scheduler.ConnectionMode.self)),
                "Whether the scheduler is used by its commands over SSH, by its REST API, or by both."),
            .required("version", .string),
            .required("apiUrl", .string.nullable),
            .required("apiVersion", .string.nullable),
            .required("timeout", .integer, "Seconds."),
        ]))

    private static let fileSystem = component(
        "FileSystem",
        .object([
            .required("path", .string),
            .required("dataType", component("FileSystemDataType", .choice(of: Cluster.FileSystem.DataType.self)), "What it is meant for."),
            .required("defaultWorkDir", .boolean, "Whether the jobs of transfers run there."),
        ]))

    // MARK: - Health

    private static let probing = component(
        "ProbingServices",
        .object([
            .required("intervalCheck", .integer, "Seconds between checks."),
            .required("services", .map(of: probingService, keys: serviceType).nullable),
        ]))

    private static let probingService = component("ProbingService", .object([.required("timeout", .integer, "Seconds.")]))
    private static let serviceType = component("BackendServiceType", .choice(of: BackendServiceType.self))

    private static let serviceHealth = any(
        of: health("SchedulerServiceHealth", [.required("nodes", nodeCount.nullable, "`null` until the scheduler has told.")]),
        health("FilesystemServiceHealth", [.required("path", .string.nullable, "Which file system.")]),
        health("SSHServiceHealth"), health("S3ServiceHealth"), health("HealthCheckException"))

    private static let nodeCount = component(
        "SchedulerNodes", .object([.required("available", .integer, "Nodes that take jobs."), .required("total", .integer)]))

    private static func health(_ name: String, _ more: [Property] = []) -> Schema {
        component(
            name,
            .object([
                .required("serviceType", serviceType),
                .required("lastChecked", .dateTime.nullable),
                .required("latency", .number.nullable, "Seconds that the check took."),
                .required("healthy", .boolean),
                .required("message", .string.nullable, "Why it is not healthy."),
            ] + more))
    }

    static let liveness = component(
        "GetLiveness",
        .object([
            .required("healthcheckRuns", .map(of: .dateTime), "When the last check of each system ended."),
            .required("lastUpdate", .integer, "Seconds since the oldest of these."),
        ]))

    // MARK: - Data operations

    private static let dataOperation = component(
        "DataOperation",
        .object([
            .required("datatransfer_jobs_directives", .array(of: .string), "Lines that the jobs of transfers begin with."),
            .required("max_ops_file_size", .integer, "The most bytes that a file operation reads or writes."),
            .required("data_transfer", any(of: s3, wormhole, streamer).nullable, "How much data comes in and out; `null` if not at all."),
        ]))

    private static let concealed = string.with("format", "password").described("Concealed.")

    private static let s3 = component(
        "S3DataTransfer",
        .object([
            .required("service_type", .constant("s3")),
            .required("name", .string),
            .required("private_url", concealed),
            .required("public_url", .string),
            .required("access_key_id", concealed),
            .required("secret_access_key", concealed),
            .required("region", .string),
            .required("ttl", .integer, "Seconds that presigned URLs are valid."),
            .required("tenant", .string.nullable),
            .required("multipart", multipart),
            .required(
                "bucket_lifecycle_configuration",
                component("BucketLifecycleConfiguration", .object([.required("days", .integer, "After which staged objects are deleted.")]))),
        ]))

    private static let multipart = component(
        "MultipartUpload",
        .object([
            .required("use_split", .boolean, "Whether parts are cut into files of their own first."),
            .required("max_part_size", .integer, "Bytes."),
            .required("parallel_runs", .integer, "Parts that are sent at a time."),
            .required("tmp_folder", .string),
        ]))

    private static let wormhole = component(
        "WormholeDataTransfer",
        .object([.required("service_type", .constant("wormhole")), .required("pypi_index_url", .string.nullable)]))

    private static let streamer = component(
        "StreamerDataTransfer",
        .object([
            .required("service_type", .constant("streamer")),
            .required("pypi_index_url", .string.nullable),
            .required("host", .string.nullable),
            .required("port_range", .array(of: .integer).with("minItems", 2).with("maxItems", 2), "First and last port."),
            .required("public_ips", .array(of: .string).nullable),
            .required("wait_timeout", .integer, "Seconds that a job waits for its client."),
            .required("inbound_transfer_limit", .integer, "Bytes."),
        ]))

    // MARK: - Nodes, partitions, reservations, users

    static let nodesAnswer = component("GetNodesResponse", .object([.required("nodes", .array(of: node))]))

    static let node = component(
        "NodeModel",
        .object([
            .required("name", .string),
            .required("state", .array(of: component("NodeState", .choice(of: NodeState.self))), "The base state, behind it every other."),
            .required("cpus", .integer),
            .required("sockets", .integer.nullable),
            .required("cores", .integer.nullable, "Of one socket."),
            .required("threads", .integer.nullable, "Of one core."),
            .required("cpuLoad", .number.nullable, "The load average, as `uptime` prints it."),
            .required("freeMemory", .integer.nullable, "MiB."),
            .required("allocMemory", .integer.nullable, "MiB."),
            .required("allocCpus", .integer.nullable),
            .required("idleCpus", .integer.nullable),
            .required("features", .array(of: .string).nullable),
            .required("partitions", .array(of: .string).nullable),
            .required("address", .string.nullable),
            .required("hostname", .string.nullable),
            .required("weight", .integer.nullable),
        ]))

    static let partitionsAnswer = component("GetPartitionsResponse", .object([.required("partitions", .array(of: partition))]))

    static let partition = component(
        "PartitionModel",
        .object([
            .required("name", .string),
            .required("partition", .string, "Whether it takes and starts jobs: `UP`, `DOWN`, `DRAIN`, `INACTIVE`."),
            .required("cpus", .integer.nullable),
            .required("totalNodes", .integer.nullable),
        ]))

    static let reservationsAnswer = component("GetReservationsResponse", .object([.required("reservations", .array(of: reservation))]))

    static let reservation = component(
        "ReservationModel",
        .object([
            .required("name", .string),
            .required("nodeList", .string, "As the scheduler writes it: `node[01-04]`."),
            .required("startTime", .integer, "Unix time in seconds."),
            .required("endTime", .integer, "Unix time in seconds."),
            .required("features", .string.nullable),
            .required("state", .string.nullable, "`active` or `inactive`."),
        ]))

    static let userInfo = component(
        "UserInfoResponse",
        .object([
            .required("user", identity),
            .required("group", identity, "The primary group."),
            .required("groups", .array(of: identity)),
            .required("accounts", .array(of: account).nullable, "What jobs can be charged to; `null` where the scheduler has no accounts."),
        ]))

    private static let identity = component("PosixIdentified", .object([.required("id", .string), .required("name", .string)]))

    private static let account = component(
        "AccountsModel",
        .object([.required("name", .string), .required("default", .boolean, "Whether jobs that name none are charged to it.")]))
}
