public import HTTPTypes

/// One operation of the public API and the service that answers it.
public struct APIRoute: Sendable, Equatable {
    /// The services behind the gateway that answer public routes.
    public enum Destination: String, Sendable, CaseIterable {
        case gateway = "auth-gateway"
        case compute = "compute-service"
        case filesystem = "filesystem-service"
        case transfer = "transfer-service"
    }

    /// The parts that the API has, as the OpenAPI page shows them.
    public enum Group: String, Sendable, CaseIterable {
        /// `/status/**`
        case status
        /// `/compute/**`
        case compute
        /// `/filesystem/{system}/ops/**`
        case filesystem
        /// `/filesystem/{system}/transfer/**`
        case transfer
    }

    public let method: HTTPRequest.Method
    /// The path with `{…}` for its variable parts, as the OpenAPI page shows it.
    public let pattern: String
    public let destination: Destination
    public let group: Group

    init(_ method: HTTPRequest.Method, _ pattern: String, _ destination: Destination, _ group: Group) {
        self.method = method
        self.pattern = pattern
        self.destination = destination
        self.group = group
    }
}

extension APIRoute {
    /// Every operation that is served.
    public static let all: [APIRoute] = [
        APIRoute(.get, "/status/systems", .gateway, .status),
        APIRoute(.get, "/status/liveness", .gateway, .status),
        APIRoute(.get, "/status/{system_name}/userinfo", .compute, .status),
        APIRoute(.get, "/status/{system_name}/nodes", .compute, .status),
        APIRoute(.get, "/status/{system_name}/partitions", .compute, .status),
        APIRoute(.get, "/status/{system_name}/reservations", .compute, .status),

        APIRoute(.get, "/compute/{system_name}/jobs", .compute, .compute),
        APIRoute(.post, "/compute/{system_name}/jobs", .compute, .compute),
        APIRoute(.get, "/compute/{system_name}/jobs/{job_id}", .compute, .compute),
        APIRoute(.delete, "/compute/{system_name}/jobs/{job_id}", .compute, .compute),
        APIRoute(.get, "/compute/{system_name}/jobs/{job_id}/metadata", .compute, .compute),
        APIRoute(.put, "/compute/{system_name}/jobs/{job_id}/attach", .compute, .compute),
        APIRoute(.put, "/compute/{system_name}/jobs/{job_id}/hold", .compute, .compute),
        APIRoute(.put, "/compute/{system_name}/jobs/{job_id}/release", .compute, .compute),
        APIRoute(.put, "/compute/{system_name}/jobs/{job_id}/requeue", .compute, .compute),

        APIRoute(.get, "/filesystem/{system_name}/ops/ls", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/stat", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/head", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/tail", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/view", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/checksum", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/file", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/mkdir", .filesystem, .filesystem),
        APIRoute(.delete, "/filesystem/{system_name}/ops/rm", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/upload", .filesystem, .filesystem),
        APIRoute(.get, "/filesystem/{system_name}/ops/download", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/symlink", .filesystem, .filesystem),
        APIRoute(.put, "/filesystem/{system_name}/ops/chmod", .filesystem, .filesystem),
        APIRoute(.put, "/filesystem/{system_name}/ops/chown", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/cp", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/mv", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/compress", .filesystem, .filesystem),
        APIRoute(.post, "/filesystem/{system_name}/ops/extract", .filesystem, .filesystem),

        APIRoute(.post, "/filesystem/{system_name}/transfer/mv", .transfer, .transfer),
        APIRoute(.post, "/filesystem/{system_name}/transfer/cp", .transfer, .transfer),
        APIRoute(.delete, "/filesystem/{system_name}/transfer/rm", .transfer, .transfer),
        APIRoute(.post, "/filesystem/{system_name}/transfer/compress", .transfer, .transfer),
        APIRoute(.post, "/filesystem/{system_name}/transfer/extract", .transfer, .transfer),
        APIRoute(.post, "/filesystem/{system_name}/transfer/upload", .transfer, .transfer),
        APIRoute(.post, "/filesystem/{system_name}/transfer/download", .transfer, .transfer),

        APIRoute(.get, "/filesystem/{system_name}/transfer/tasks", .transfer, .transfer),
        APIRoute(.get, "/filesystem/{system_name}/transfer/tasks/{task_id}", .transfer, .transfer),
        APIRoute(.delete, "/filesystem/{system_name}/transfer/tasks/{task_id}", .transfer, .transfer),
        APIRoute(.get, "/filesystem/{system_name}/transfer/tasks/{task_id}/events", .transfer, .transfer),
    ]
}
