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
    private let signers: [CallIssuer: CallContextSigner]
    private let client: HTTPClient

    /// Runs `body` with the service.
    ///
    /// - Parameters:
    ///   - place: The variable of the stack that names where the test's directory is made.
    ///   - limit: The largest file, in bytes.
    ///   - commandTime: How long a command may take.
    static func with(
        in place: String = "FIREUSER_HOME", limit: Int = 5 * 1024 * 1024, commandTime: Duration = .seconds(20), _ body: @escaping @Sendable (FilesystemFixture) async throws -> Void
    ) async throws {
        let stack = try Stack()
        var settings = try Settings.load(from: try stack["YAML_CONFIG_FILE"]).settings
        let system = try stack["SYSTEM"].lowercased()
        for index in settings.clusters.indices {
            settings.clusters[index].dataOperation.maxOpsFileSize = limit
            settings.clusters[index].ssh.timeout.commandExecution = commandTime
        }
        let keys = CallContextKeys(folder: TemporaryPath.make())
        _ = try keys.generate()
        defer { try? FileManager.default.removeItem(atPath: keys.folder) }
        var logger = Logger(label: "filesystem-service-tests")
        logger.logLevel = .warning
        let environment = DeploymentEnvironment(
            service: .filesystemService, configurationFile: try stack["YAML_CONFIG_FILE"],
            listen: ListenAddress(host: "127.0.0.1", port: 0), keysDirectory: keys.folder)
        let assembly = try FilesystemService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        let signers = try CallIssuer.allCases.reduce(into: [:]) { $0[$1] = CallContextSigner(issuer: $1, key: try keys.signingKey(of: $1)) }
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            let home = try stack["FIREUSER_HOME"]
            let fixture = FilesystemFixture(
                stack: stack, system: system, home: home, directory: "\(try stack[place])/goldcrest-test-\(UInt64.random(in: .min ... .max))",
                user: try stack["FIREUSER"], otherUser: try stack["FIRESRV"], port: port, signers: signers, client: client)
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

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    /// An answer whose body was read.
    struct Answer: Sendable {
        let head: HTTPResponse
        let bytes: [UInt8]

        var status: HTTPResponse.Status { head.status }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var error: ErrorBody? { try? JSONDecoder().decode(ErrorBody.self, from: Data(bytes)) }

        func output<Output: Codable & Sendable>(_: Output.Type = Output.self) throws -> Output {
            try JSONDecoder().decode(OperationOutput<Output>.self, from: Data(bytes)).output
        }
    }

    func request(
        _ method: HTTPRequest.Method, _ operation: String, query: [String: String] = [:], rawQuery: String? = nil, as name: String? = nil,
        headers: HTTPFields = [:], body: HTTPClientRequest.Body = .none
    ) throws -> HTTPClientRequest {
        let encoded = rawQuery ?? query.map { "\(PercentEncoding.encode($0.key))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        var headers = headers
        headers[.authorization] = "Bearer token"
        if headers[.context] == nil { headers[.context] = try context(as: name) }
        return HTTPClientRequest(
            method: method, url: "http://127.0.0.1:\(port)/filesystem/\(system)/ops/\(operation)?\(encoded)", headerFields: headers, body: body)
    }

    /// A signed call context.
    func context(by issuer: CallIssuer = .authGateway, as name: String? = nil, unhealthy: [UnhealthyService] = []) throws -> String? {
        try signers[issuer]?.headerValue(user: name ?? user, system: system, unhealthyServices: unhealthy)
    }

    func send(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await client.collect(request, upTo: 64 << 20, deadline: .seconds(60))
        return Answer(head: response.head, bytes: Array(response.body.readableBytesView))
    }

    func call(
        _ method: HTTPRequest.Method, _ operation: String, query: [String: String] = [:], json: [String: JSONValue]? = nil, as name: String? = nil
    ) async throws -> Answer {
        var headers = HTTPFields()
        var body = HTTPClientRequest.Body.none
        if let json {
            headers[.contentType] = "application/json"
            body = .bytes(ByteBuffer(bytes: Array(try JSONEncoder().encode(JSONValue.object(json)))))
        }
        return try await send(request(method, operation, query: query, as: name, headers: headers, body: body))
    }

    @discardableResult
    func expect(
        _ status: HTTPResponse.Status, _ method: HTTPRequest.Method = .get, _ operation: String, query: [String: String] = [:],
        json: [String: JSONValue]? = nil, as name: String? = nil
    ) async throws -> Answer {
        let answer = try await call(method, operation, query: query, json: json, as: name)
        guard answer.status == status else {
            throw Unexpected(description: "\(method) \(operation) \(query): \(answer.status) instead of \(status): \(answer.text.prefix(500))")
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

extension HTTPField.Name {
    static var context: HTTPField.Name { HTTPField.Name(CallContext.headerName) ?? .cookie }
}

/// A path for a folder that is not there yet.
enum TemporaryPath {
    static func make() -> String {
        FileManager.default.temporaryDirectory.path() + "/goldcrest-keys-\(UInt64.random(in: .min ... .max))"
    }
}
