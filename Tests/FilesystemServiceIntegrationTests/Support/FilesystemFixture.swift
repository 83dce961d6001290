import FilesystemService
import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging
import NIOCore
import StackTesting

/// A filesystem-service in this process, on the real stack, and a directory of a user that the test has for itself.
struct FilesystemFixture: Sendable {
    let stack: Stack
    let system: String
    let home: String
    /// The test's own directory, made by the user through the API.
    let directory: String
    let user: String
    let otherUser: String
    private let port: Int
    private let contexts: CallContexts
    private let client: HTTPClient

    /// Runs `body` with the service.
    ///
    /// - Parameters:
    ///   - place: The variable of the stack that names where the test's directory is made.
    ///   - limit: The largest file, in bytes.
    ///   - commandTime: How long a command may take.
    ///   - access: What does the work.
    ///   - fileSystems: Directories that are file systems of the system beside those of the stack.
    ///   - change: What else is to be changed in the configuration of each system.
    static func with(
        in place: String = "FIREUSER_HOME", limit: Int = 5 * 1024 * 1024, commandTime: Duration = .seconds(20),
        access: Cluster.FileAccess = .automatic, fileSystems: [String] = [], configuring change: @Sendable (inout Cluster) -> Void = { _ in },
        _ body: @escaping @Sendable (FilesystemFixture) async throws -> Void
    ) async throws {
        let stack = try Stack()
        var settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        let system = try stack["SYSTEM"].lowercased()
        for index in settings.clusters.indices {
            settings.clusters[index].dataOperation.maxOpsFileSize = limit
            settings.clusters[index].ssh.timeout.commandExecution = commandTime
            settings.clusters[index].fileAccess = access
            settings.clusters[index].fileSystems += try fileSystems.map { .init(path: try AbsolutePath(normalising: $0), dataType: .scratch) }
            change(&settings.clusters[index])
        }
        let contexts = try CallContexts.withNewKeys()
        defer { contexts.removeKeys() }
        var logger = Logger(label: "filesystem-service-tests")
        logger.logLevel = .warning
        let environment = DeploymentEnvironment(
            service: .filesystemService, configurationFile: try stack["YAML_CONFIG_FILE"],
            listen: ListenAddress(host: "127.0.0.1", port: 0), keysDirectory: contexts.keysDirectory)
        let assembly = try FilesystemService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            let home = try stack["FIREUSER_HOME"]
            let fixture = FilesystemFixture(
                stack: stack, system: system, home: home, directory: "\(try stack[place])/goldcrest-test-\(UInt64.random(in: .min ... .max))",
                user: try stack["FIREUSER"], otherUser: try stack["FIRESRV"], port: port, contexts: contexts, client: client)
            try await fixture.expect(.created, .post, "mkdir", json: ["sourcePath": .string(fixture.directory)])
            do {
                try await body(fixture)
            } catch {
                _ = try? await fixture.expect(.noContent, .delete, "rm", query: ["path": fixture.directory])
                throw error
            }
            try await fixture.expect(.noContent, .delete, "rm", query: ["path": fixture.directory])
        }
        await client.shutdown()
    }

    // MARK: - Calls

    /// - Parameter rawQuery: The query as it is sent, instead of `query`.
    func request(
        _ method: HTTPRequest.Method, _ operation: String, query: [String: String] = [:], rawQuery: String? = nil, as name: String? = nil,
        headers: HTTPFields = [:], json: [String: JSONValue]? = nil, body: HTTPClientRequest.Body? = nil
    ) throws -> HTTPClientRequest {
        var headers = headers
        headers[.authorization] = "Bearer token"
        headers[.callContext] = try context(as: name)
        let url = "http://127.0.0.1:\(port)/filesystem/\(system)/ops/\(operation)\(rawQuery.map { "?\($0)" } ?? "")"
        var request = try HTTPClientRequest(method, url, query: query, headerFields: headers, json: json.map(JSONValue.object))
        if let body { request.body = body }
        return request
    }

    /// A signed call context.
    func context(by issuer: CallIssuer = .authGateway, as name: String? = nil, unhealthy: [UnhealthyService] = []) throws -> String? {
        try contexts.header(by: issuer, as: name ?? user, on: system, unhealthy: unhealthy)
    }

    func send(_ request: HTTPClientRequest) async throws -> Answer {
        try await client.answer(to: request)
    }

    /// An answer whose body the test reads at its own pace.
    func exchange(_ request: HTTPClientRequest) async throws -> HTTPExchange {
        try await client.exchange(request, deadline: .seconds(60))
    }

    func call(
        _ method: HTTPRequest.Method, _ operation: String, query: [String: String] = [:], json: [String: JSONValue]? = nil, as name: String? = nil
    ) async throws -> Answer {
        try await send(request(method, operation, query: query, as: name, json: json))
    }

    @discardableResult
    func expect(
        _ status: HTTPResponse.Status, _ method: HTTPRequest.Method = .get, _ operation: String, query: [String: String] = [:],
        json: [String: JSONValue]? = nil, as name: String? = nil
    ) async throws -> Answer {
        let answer = try await call(method, operation, query: query, json: json, as: name)
        guard answer.status == status else {
            throw Unexpected(description: "\(method) \(operation) \(query): \(answer), not \(status.code)")
        }
        return answer
    }

    func list(_ path: String? = nil, _ options: [String: String] = [:]) async throws -> [FileEntry] {
        try await expect(.ok, .get, "ls", query: options.merging(["path": path ?? directory]) { _, path in path }).output()
    }

    func upload(_ content: [UInt8], named name: String, to path: String? = nil, as user: String? = nil) async throws -> Answer {
        let form = MultipartForm(fileName: name, content: content)
        return try await send(
            request(
                .post, "upload", query: ["path": path ?? directory], as: user, headers: [.contentType: form.contentType],
                body: .bytes(ByteBuffer(bytes: form.bytes))))
    }

    func download(_ path: String, as user: String? = nil) async throws -> Answer {
        try await call(.get, "download", query: ["path": path], as: user)
    }
}
