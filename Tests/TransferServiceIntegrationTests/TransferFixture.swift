import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging
import NIOCore
import PostgresTesting
import StackTesting
import TransferService

/// A transfer-service in this process with tables of its own, on the running stack's other services, and a directory of a user for the test alone.
struct TransferFixture: Sendable {
    struct TransferJob: Decodable, Sendable, Equatable {
        struct Logs: Decodable, Sendable, Equatable {
            let outputLog: String
            let errorLog: String
        }

        let jobId: String
        let system: String
        let workingDirectory: String
        let logs: Logs
    }

    let stack: Stack
    let system: String
    let user: String
    let home: String
    /// The test's own directory, made by the user through the API.
    let directory: String
    let databaseURL: String
    private let url: String
    private let contexts: CallContexts
    private let client: HTTPClient

    /// Runs `body` with the service.
    ///
    /// - Parameters:
    ///   - databaseURL: The database; by default a schema of the test's own.
    ///   - computeURL: Another compute-service than the stack's.
    static func with(
        databaseURL: String? = nil, computeURL: String? = nil, changing change: @Sendable (inout Cluster) throws -> Void = { _ in },
        _ body: @escaping @Sendable (TransferFixture) async throws -> Void
    ) async throws {
        guard let databaseURL else {
            return try await TestDatabase.withFreshSchema { url async throws in
                try await with(databaseURL: url, computeURL: computeURL, changing: change, body)
            }
        }
        let stack = try Stack()
        var settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        for index in settings.clusters.indices { try change(&settings.clusters[index]) }
        var logger = Logger(label: "transfer-service-tests")
        logger.logLevel = .error
        let environment = DeploymentEnvironment(
            service: .transferService, configurationFile: try stack["YAML_CONFIG_FILE"], listen: ListenAddress(host: "127.0.0.1", port: 0),
            computeURL: try computeURL ?? stack["COMPUTE_URL"], filesystemURL: try stack["FILESYSTEM_URL"], databaseURL: Secret(databaseURL),
            keysDirectory: try stack["GOLDCREST_KEYS"])
        let assembly = try TransferService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        let contexts = try CallContexts(keysDirectory: try stack["GOLDCREST_KEYS"])
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            let home = try stack["FIREUSER_HOME"]
            let fixture = TransferFixture(
                stack: stack, system: try stack["SYSTEM"].lowercased(), user: try stack["FIREUSER"], home: home,
                directory: "\(home)/goldcrest-test-\(UInt64.random(in: .min ... .max))", databaseURL: databaseURL, url: "http://127.0.0.1:\(port)",
                contexts: contexts, client: client)
            try await eventually("the service is ready") { try await fixture.isReady() }
            guard try await fixture.files(.post, "mkdir", json: ["path": .string(fixture.directory)]).status == .created else {
                throw Unexpected(description: "the directory of the test cannot be made")
            }
            let result: Result<Void, any Error>
            do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
            await fixture.cleanUp()
            try result.get()
        }
        await client.shutdown()
    }

    /// Removes what the test and its jobs have left, as far as it can be.
    private func cleanUp() async {
        let logs = try? await database { pool in
            try await pool.query("SELECT output_log, error_log FROM transfer_tasks WHERE job_id IS NOT NULL").flatMap { row in
                [try row.decode("output_log", as: String.self), try row.decode("error_log", as: String.self)]
            }
        }
        for path in [directory] + (logs ?? []) { _ = try? await files(.delete, "rm", query: ["path": path]) }
    }

    // MARK: - Requests

    func isReady() async throws -> Bool {
        try await send(HTTPClientRequest(method: .get, url: "\(url)/health/ready")).status == .ok
    }

    func send(_ request: HTTPClientRequest) async throws -> Answer {
        try await client.answer(to: request)
    }

    /// Asks for a transfer as the gateway does.
    func transfer(
        _ operation: String, _ fields: [String: JSONValue], key: String? = nil, unhealthy: [UnhealthyService] = []
    ) async throws -> Answer {
        let isRemoval = operation == "rm"
        let query = isRemoval ? fields.compactMapValues { (value: JSONValue) -> String? in if case .string(let text) = value { text } else { nil } } : [:]
        return try await call(
            isRemoval ? .delete : .post, "\(url)/filesystem/\(system)/transfer/\(operation)", query: query, json: isRemoval ? nil : fields, key: key,
            unhealthy: unhealthy)
    }

    /// Asks the stack's filesystem-service.
    func files(
        _ method: HTTPRequest.Method, _ operation: String, query: [String: String] = [:], json: [String: JSONValue]? = nil
    ) async throws -> Answer {
        try await call(method, "\(stack["FILESYSTEM_URL"])/filesystem/\(system)/ops/\(operation)", query: query, json: json)
    }

    /// Asks the stack's compute-service.
    func compute(_ method: HTTPRequest.Method, _ path: String, json: [String: JSONValue]? = nil) async throws -> Answer {
        try await call(method, "\(stack["COMPUTE_URL"])/compute/\(system)/\(path)", json: json)
    }

    private func call(
        _ method: HTTPRequest.Method, _ url: String, query: [String: String] = [:], json: [String: JSONValue]? = nil, key: String? = nil,
        unhealthy: [UnhealthyService] = []
    ) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer token"]
        headers[.callContext] = try contexts.header(as: user, on: system, unhealthy: unhealthy)
        headers[.idempotencyKey] = key
        return try await send(HTTPClientRequest(method, url, query: query, headerFields: headers, json: json.map(JSONValue.object)))
    }

    // MARK: - What became of it

    struct TaskRow: Sendable, Equatable {
        var state: String
        var jobID: String?
        var hasEnded: Bool
        var error: String?
    }

    /// All tasks of the test's own tables.
    func tasks() async throws -> [TaskRow] {
        try await database { pool in
            try await pool.query("SELECT state, job_id, ended_at IS NOT NULL AS ended, error FROM transfer_tasks ORDER BY created_at").map { row in
                TaskRow(
                    state: try row.decode("state"), jobID: try row.decode("job_id"), hasEnded: try row.decode("ended"), error: try row.decode("error"))
            }
        }
    }

    func database<Result: Sendable>(_ body: @Sendable (PostgresPool) async throws -> Result) async throws -> Result {
        let pool = PostgresPool(url: databaseURL, maximumConnections: 1, logger: TestDatabase.quiet)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        await pool.close()
        return try result.get()
    }

    /// Waits until the reconciler has seen the job's end.
    func end(of jobID: String) async throws -> TaskRow {
        try await eventually(within: .seconds(120), "job \(jobID) ends") { try await tasks().first { $0.jobID == jobID && $0.hasEnded } }
    }
}

extension Answer {
    /// The job of a transfer.
    func job() throws -> TransferFixture.TransferJob {
        struct Envelope: Decodable {
            let transferJob: TransferFixture.TransferJob
        }
        return try decoded(Envelope.self).transferJob
    }
}
