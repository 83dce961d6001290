import StackTesting
import ComputeService
import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging
import NIOCore

/// A compute-service in this process, on the real stack, called over HTTP as the gateway does.
struct ComputeFixture: Sendable {
    let system: String
    let home: String
    let user: String
    let otherUser: String
    private let port: Int
    private let signers: [CallIssuer: CallContextSigner]
    private let client: HTTPClient

    /// Runs `body` with the service.
    static func with(_ body: @escaping @Sendable (ComputeFixture) async throws -> Void) async throws {
        let stack = try Stack()
        let configuration = try stack["YAML_CONFIG_FILE"]
        let keys = CallContextKeys(folder: "\(FileManager.default.temporaryDirectory.path())/goldcrest-keys-\(UInt64.random(in: .min ... .max))")
        _ = try keys.generate()
        defer { try? FileManager.default.removeItem(atPath: keys.folder) }
        var logger = Logger(label: "compute-service-tests")
        logger.logLevel = .warning
        let environment = DeploymentEnvironment(
            service: .computeService, configurationFile: configuration, listen: ListenAddress(host: "127.0.0.1", port: 0),
            keysDirectory: keys.folder)
        let settings = try Settings.load(from: configuration).settings
        let assembly = try ComputeService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        let signers = try CallIssuer.allCases.reduce(into: [:]) { $0[$1] = CallContextSigner(issuer: $1, key: try keys.signingKey(of: $1)) }
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            try await body(
                ComputeFixture(
                    system: try stack["SYSTEM"].lowercased(), home: try stack["FIREUSER_HOME"], user: try stack["FIREUSER"],
                    otherUser: try stack["FIRESRV"], port: port, signers: signers, client: client))
        }
        await client.shutdown()
    }

    // MARK: - Calls

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    /// An answer whose body was read.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var error: ErrorBody? { try? decode() }

        func decode<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(Value.self, from: Data(bytes))
        }
    }

    /// The value of the call context's header.
    func context(by issuer: CallIssuer = .authGateway, as name: String? = nil, unhealthy: [UnhealthyService] = []) throws -> String? {
        try signers[issuer]?.headerValue(user: name ?? user, system: system, unhealthyServices: unhealthy)
    }

    /// - Parameter context: The signed context; by default the gateway's for `name`.
    func call(
        _ method: HTTPRequest.Method, _ path: String, json: JSONValue? = nil, as name: String? = nil, context: String?? = .none
    ) async throws -> Answer {
        var headers = HTTPFields()
        headers[.authorization] = "Bearer token"
        if let field = HTTPField.Name(CallContext.headerName) {
            headers[field] = if let context { context } else { try self.context(as: name) }
        }
        var body = HTTPClientRequest.Body.none
        if let json {
            headers[.contentType] = "application/json"
            body = .bytes(ByteBuffer(bytes: Array(try JSONEncoder().encode(json))))
        }
        let request = HTTPClientRequest(method: method, url: "http://127.0.0.1:\(port)\(path)", headerFields: headers, body: body)
        let response = try await client.collect(request, upTo: 64 << 20, deadline: .seconds(60))
        return Answer(status: response.head.status, bytes: Array(response.body.readableBytesView))
    }

    @discardableResult
    func expect(
        _ status: HTTPResponse.Status, _ method: HTTPRequest.Method, _ path: String, json: JSONValue? = nil, as name: String? = nil
    ) async throws -> Answer {
        let answer = try await call(method, path, json: json, as: name)
        guard answer.status == status else {
            throw Unexpected(description: "\(method) \(path): \(answer.status) instead of \(status): \(answer.text.prefix(500))")
        }
        return answer
    }

    // MARK: - Jobs

    var jobs: String { "/compute/\(system)/jobs" }

    /// A job that other tests cannot mistake for their own.
    static func uniqueName(_ prefix: String = "test") -> String {
        "\(prefix)-\(UInt32.random(in: .min ... .max))"
    }

    /// The description of a job in the user's home, with further fields.
    func description(_ script: String = "#!/bin/sh\ntrue\n", _ fields: [String: JSONValue] = [:], as name: String? = nil) -> JSONValue {
        let directory = name == otherUser ? "/tmp" : home
        let base: [String: JSONValue] = [
            "working_directory": .string(directory), "standardOutput": .string("/dev/null"), "standardError": .string("/dev/null"), "script": .string(script),
        ]
        return .object(["job": .object(base.merging(fields) { $1 })])
    }

    func submit(_ script: String = "#!/bin/sh\ntrue\n", _ fields: [String: JSONValue] = [:], as name: String? = nil) async throws -> String {
        try await expect(.created, .post, jobs, json: description(script, fields, as: name), as: name).decode(JobSubmissionAnswer.self).jobId
    }

    func list(_ query: String = "", as name: String? = nil) async throws -> [JobModel] {
        try await expect(.ok, .get, "\(jobs)?\(query)", as: name).decode(JobsAnswer.self).jobs
    }

    func job(_ id: String, as name: String? = nil) async throws -> JobModel {
        let jobs = try await expect(.ok, .get, "\(jobs)/\(PercentEncoding.encode(id))", as: name).decode(JobsAnswer.self).jobs
        guard let first = jobs.first else { throw Unexpected(description: "no job \(id)") }
        return first
    }

    /// Waits until a job is as wanted.
    func wait(for id: String, until isWanted: (JobModel) -> Bool) async throws -> JobModel {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let job = try await job(id)
            if isWanted(job) { return job }
            guard ContinuousClock.now < deadline else { throw Unexpected(description: "the job stays \(job)") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    func cancel(_ id: String, as name: String? = nil) async throws {
        try await expect(.noContent, .delete, "\(jobs)/\(PercentEncoding.encode(id))", as: name)
    }
}

extension JobModel {
    var hasEnded: Bool { !["PENDING", "RUNNING"].contains(status.state) }
}
