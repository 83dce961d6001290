import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import StackTesting

/// A transfer task as its user sees it.
struct ShownTask: Decodable, Sendable {
    struct Logs: Decodable, Sendable {
        let outputLog: String
        let errorLog: String
    }

    struct Progress: Decodable, Sendable, Equatable {
        let transferredBytes: Int
        let totalBytes: Int
    }

    let id: String
    let system: String
    let operation: String
    let state: String
    let jobId: String?
    let sourcePath: String?
    let logs: Logs
    let error: String?
    let attempts: Int
    let createdAt: String
    let startedAt: String?
    let endedAt: String?
    let progress: Progress?
}

/// A page of them.
struct ShownTasks: Decodable, Sendable {
    let tasks: [ShownTask]
    let nextCursor: String?
}

extension TransferFixture {
    /// Asks for tasks as the gateway does.
    ///
    /// - Parameter path: What stands behind `/tasks`.
    func tasks(
        _ method: HTTPRequest.Method = .get, _ path: String = "", query: [String: String] = [:], as user: String? = nil,
        unhealthy: [UnhealthyService] = []
    ) async throws -> Answer {
        try await send(taskRequest(method, path, query: query, as: user, unhealthy: unhealthy))
    }

    /// Follows a task for as long as `body` runs.
    func following(
        _ id: String, lastEventID: String? = nil, expecting status: HTTPResponse.Status = .ok, _ body: @Sendable (EventStream) async throws -> Void
    ) async throws {
        var request = try taskRequest(.get, "/\(id)/events")
        request.headerFields[.lastEventID] = lastEventID
        let exchange = try await client.exchange(request, deadline: .seconds(30))
        guard exchange.head.status == status else {
            exchange.cancel()
            throw Unexpected(description: "following a task is answered \(exchange.head.status)")
        }
        let stream = EventStream(exchange)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await stream.read() }
            defer { exchange.cancel() }
            try await body(stream)
        }
    }

    func taskRequest(
        _ method: HTTPRequest.Method, _ path: String, query: [String: String] = [:], as user: String? = nil, unhealthy: [UnhealthyService] = []
    ) throws -> HTTPClientRequest {
        var headers: HTTPFields = [.authorization: "Bearer token"]
        headers[.callContext] = try contexts.header(as: user ?? self.user, on: system, unhealthy: unhealthy)
        return try HTTPClientRequest(method, "\(url)/filesystem/\(system)/transfer/tasks\(path)", query: query, headerFields: headers)
    }

    /// The task of a job.
    func task(ofJob jobID: String) async throws -> ShownTask {
        let page = try await tasks(query: ["limit": "500"]).decoded(ShownTasks.self)
        guard let task = page.tasks.first(where: { $0.jobId == jobID }) else { throw Unexpected(description: "job \(jobID) has no task") }
        return task
    }

    func show(_ id: String) async throws -> ShownTask { try await tasks(.get, "/\(id)").decoded() }

    /// Asks for the removal of a new file.
    func removal(of name: String) async throws -> ShownTask {
        let path = "\(directory)/\(name)"
        try Data("x".utf8).write(to: URL(filePath: path))
        return try await task(ofJob: try await transfer("rm", ["path": .string(path)]).job().jobId)
    }

    /// Writes a task down that ended long ago.
    ///
    /// - Parameter age: In seconds.
    func insert(_ operation: String, _ state: String, of user: String? = nil, on system: String? = nil, age: Int) async throws -> String {
        let (id, username, system) = (UUID(), user ?? self.user, system ?? self.system)
        let hasEnded = ["succeeded", "failed", "cancelled", "expired"].contains(state)
        _ = try await database { pool in
            try await pool.execute(
                """
                INSERT INTO transfer_tasks (
                    id, system, username, request, state, job_id, working_directory, output_log, error_log, created_at, updated_at, ended_at,
                    submission_ends_at)
                VALUES (
                    \(id), \(system), \(username), jsonb_build_object('operation', \(operation)::text), \(state), '1', '/w', 'o', 'e',
                    now() - make_interval(secs => \(age)), now(), CASE WHEN \(hasEnded)::boolean THEN now() END, now())
                """)
        }
        return id.uuidString.lowercased()
    }
}
