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

    /// What a client is told for its part of an upload or a download.
    struct Directives: Decodable, Sendable, Equatable {
        let transferMethod: String
        let downloadUrl: String?
        let partsUploadUrls: [String]?
        let completeUploadUrl: String?
        let maxPartSize: Int?
        let coordinates: String?
        let wormholeCode: String?
    }

    let stack: Stack
    let system: String
    let user: String
    let home: String
    /// The test's own directory, made by the user through the API.
    let directory: String
    let databaseURL: String
    let url: String
    /// The user's, by which slurmrestd knows them.
    private let token: String
    let contexts: CallContexts
    let client: HTTPClient
    /// The test's own way to the tables.
    private let pool: PostgresPool

    /// Runs `body` with the service.
    ///
    /// - Parameters:
    ///   - system: One of the stack's; by default the first one.
    ///   - databaseURL: The database; by default a schema of the test's own.
    ///   - computeURL: Another compute-service than the stack's.
    static func with(
        system: String? = nil, databaseURL: String? = nil, computeURL: String? = nil,
        changing change: @Sendable (inout Cluster) throws -> Void = { _ in },
        _ body: @escaping @Sendable (TransferFixture) async throws -> Void
    ) async throws {
        guard let databaseURL else {
            return try await TestDatabase.withFreshSchema { url async throws in
                try await with(system: system, databaseURL: url, computeURL: computeURL, changing: change, body)
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
        let token = try await token(stack, client)
        let pool = PostgresPool(url: databaseURL, maximumConnections: 2, logger: TestDatabase.quiet)
        try await assembly.withRunningServer { port in
            let home = try stack["FIREUSER_HOME"]
            let fixture = TransferFixture(
                stack: stack, system: try system ?? stack["SYSTEM"].lowercased(), user: try stack["FIREUSER"], home: home,
                directory: "\(home)/goldcrest-test-\(UInt64.random(in: .min ... .max))", databaseURL: databaseURL, url: "http://127.0.0.1:\(port)",
                token: token, contexts: contexts, client: client, pool: pool)
            try await eventually("the service is ready") { try await fixture.isReady() }
            guard try await fixture.files(.post, "mkdir", json: ["path": .string(fixture.directory)]).status == .created else {
                throw Unexpected(description: "the directory of the test cannot be made")
            }
            let result: Result<Void, any Error>
            do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
            await fixture.cleanUp()
            await pool.close()
            try result.get()
        }
        await client.shutdown()
    }

    private static func token(_ stack: Stack, _ client: HTTPClient) async throws -> String {
        struct Grant: Decodable {
            let access_token: String
        }
        let form = try "grant_type=client_credentials&client_id=\(stack["FIREUSER_CLIENT_ID"])&client_secret=\(stack["FIREUSER_CLIENT_SECRET"])"
        let request = HTTPClientRequest(
            method: .post, url: try stack["TOKEN_URL"], headerFields: [.contentType: "application/x-www-form-urlencoded"],
            body: .bytes(ByteBuffer(string: form)))
        return try await client.answer(to: request).decoded(Grant.self).access_token
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
    ///
    /// - Parameter url: Another transfer-service than the fixture's.
    func transfer(
        _ operation: String, _ fields: [String: JSONValue], key: String? = nil, unhealthy: [UnhealthyService] = [], at url: String? = nil
    ) async throws -> Answer {
        let url = url ?? self.url
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
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        headers[.callContext] = try contexts.header(as: user, on: system, unhealthy: unhealthy)
        headers[.idempotencyKey] = key
        return try await send(HTTPClientRequest(method, url, query: query, headerFields: headers, json: json.map(JSONValue.object)))
    }

    // MARK: - A client's part

    /// Puts the parts of a file into the storage and has them put together.
    func send(_ bytes: [UInt8], by directives: Directives) async throws {
        guard let urls = directives.partsUploadUrls, let partSize = directives.maxPartSize, let completeURL = directives.completeUploadUrl else {
            throw Unexpected(description: "the answer to an upload has not all that is needed")
        }
        var parts = ""
        for (index, url) in urls.enumerated() {
            let part = bytes.dropFirst(index * partSize).prefix(partSize)
            let answer = try await send(HTTPClientRequest(method: .put, url: url, body: .bytes(ByteBuffer(bytes: part))))
            guard answer.status == .ok, let tag = answer.head.headerFields[.eTag] else { throw Unexpected(description: "part \(index + 1): \(answer)") }
            parts += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        let answer = try await send(
            HTTPClientRequest(
                method: .post, url: completeURL, headerFields: [.contentType: "application/xml"],
                body: .bytes(ByteBuffer(string: "<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>"))))
        guard answer.status == .ok else { throw Unexpected(description: "the end of the upload: \(answer)") }
    }

    /// Uploads a file as a client does.
    func upload(_ bytes: [UInt8], to path: String) async throws -> (job: TransferJob, directives: Directives) {
        let answer = try await transfer(
            "upload", ["path": .string(path), "transferDirectives": ["transferMethod": "s3", "fileSize": JSONValue(bytes.count)]])
        guard answer.status == .created else { throw Unexpected(description: "the upload to \(path): \(answer)") }
        let directives = try answer.directives()
        try await send(bytes, by: directives)
        return (try answer.job(), directives)
    }

    /// Downloads a file as a client does.
    func download(_ path: String) async throws -> [UInt8] {
        let answer = try await transfer("download", ["path": .string(path), "transferDirectives": ["transferMethod": "s3"]])
        guard answer.status == .created, let url = try answer.directives().downloadUrl else {
            throw Unexpected(description: "the download of \(path): \(answer)")
        }
        try await succeed(try answer.job())
        let content = try await send(HTTPClientRequest(method: .get, url: url))
        guard content.status == .ok else { throw Unexpected(description: "the file from the storage: \(content)") }
        return content.bytes
    }

    /// Waits until a job has ended, and throws what its log says unless that is a success.
    func succeed(_ job: TransferJob) async throws {
        let task = try await end(of: job.jobId)
        guard task.state == "succeeded" else {
            throw Unexpected(description: "job \(job.jobId): \(task): \(try await log(job.logs.errorLog))")
        }
    }

    /// What stands in a job's log.
    func log(_ path: String) async throws -> String {
        try await files(.get, "view", query: ["path": path]).output()
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
        try await body(pool)
    }

    /// Waits until the reconciler has seen the job's end.
    func end(of jobID: String) async throws -> TaskRow {
        try await eventually(within: .seconds(120), "job \(jobID) ends") { try await tasks().first { $0.jobID == jobID && $0.hasEnded } }
    }
}

extension Answer {
    func directives() throws -> TransferFixture.Directives {
        struct Envelope: Decodable {
            let transferDirectives: TransferFixture.Directives
        }
        return try decoded(Envelope.self).transferDirectives
    }

    /// The job of a transfer.
    func job() throws -> TransferFixture.TransferJob {
        struct Envelope: Decodable {
            let transferJob: TransferFixture.TransferJob
        }
        return try decoded(Envelope.self).transferJob
    }
}
