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
    /// Every Slurm of the stack, each by its commands, by slurmrestd, and by both. Without a stack there is one name, so that tests fail.
    static let systems = (try? Stack().slurmSystems) ?? ["(no stack)"]

    let system: String
    /// The system that is the same Slurm by its commands.
    let commandsSystem: String
    let mode: Cluster.Scheduler.ConnectionMode
    /// What is known of the Slurm behind the system.
    let cluster: Stack
    let home: String
    let user: String
    let otherUser: String
    private let port: Int
    /// The users' tokens, by which slurmrestd knows them.
    private let tokens: [String: String]
    private let contexts: CallContexts
    private let client: HTTPClient

    /// Runs `body` with the service.
    ///
    /// - Parameter system: One of ``systems``; by default the first one of the stack.
    static func with(system name: String? = nil, _ body: @escaping @Sendable (ComputeFixture) async throws -> Void) async throws {
        let stack = try Stack()
        let system = try name ?? stack["SYSTEM"]
        let configuration = try stack["YAML_CONFIG_FILE"]
        let contexts = try CallContexts.withNewKeys()
        defer { contexts.removeKeys() }
        var logger = Logger(label: "compute-service-tests")
        logger.logLevel = .warning
        let environment = DeploymentEnvironment(
            service: .computeService, configurationFile: configuration, listen: ListenAddress(host: "127.0.0.1", port: 0),
            keysDirectory: contexts.keysDirectory)
        let settings = try Settings.load(from: configuration).settings
        guard let mode = settings.clusters.first(where: { $0.name == system })?.scheduler.connectionMode else {
            throw Unexpected(description: "the configuration has no system \(system)")
        }
        let cluster = try stack.cluster(of: system)
        let commandsSystem = ["-rest", "-hybrid"].first(where: system.hasSuffix).map { String(system.dropLast($0.count)) } ?? system
        let assembly = try ComputeService.assemble(Deployment(settings: settings, environment: environment, logger: logger))
        let client = HTTPClient(logger: logger)
        let tokens = [
            try stack["FIREUSER"]: try await token("FIREUSER", stack, client), try stack["FIRESRV"]: try await token("FIRESRV", stack, client),
        ]
        try await assembly.withRunningServer { port in
            try await body(
                ComputeFixture(
                    system: system, commandsSystem: commandsSystem, mode: mode, cluster: cluster, home: try stack["FIREUSER_HOME"],
                    user: try stack["FIREUSER"], otherUser: try stack["FIRESRV"], port: port, tokens: tokens, contexts: contexts, client: client))
        }
        await client.shutdown()
    }

    private static func token(_ user: String, _ stack: Stack, _ client: HTTPClient) async throws -> String {
        struct Grant: Decodable {
            let access_token: String
        }
        let form = try "grant_type=client_credentials&client_id=\(stack["\(user)_CLIENT_ID"])&client_secret=\(stack["\(user)_CLIENT_SECRET"])"
        let request = HTTPClientRequest(
            method: .post, url: try stack["TOKEN_URL"], headerFields: [.contentType: "application/x-www-form-urlencoded"],
            body: .bytes(ByteBuffer(string: form)))
        return try await client.answer(to: request).decoded(Grant.self).access_token
    }

    // MARK: - Calls

    /// The value of the call context's header.
    func context(by issuer: CallIssuer = .authGateway, as name: String? = nil, unhealthy: [UnhealthyService] = [], on system: String? = nil) throws -> String? {
        try contexts.header(by: issuer, as: name ?? user, on: system ?? self.system, unhealthy: unhealthy)
    }

    /// - Parameters:
    ///   - context: The signed context; by default the gateway's for `name`.
    ///   - system: The system in `path`, if it is another one.
    func call(
        _ method: HTTPRequest.Method, _ path: String, json: JSONValue? = nil, as name: String? = nil, context: String?? = .none,
        on system: String? = nil
    ) async throws -> Answer {
        var headers = HTTPFields()
        headers[.authorization] = "Bearer \(tokens[name ?? user] ?? "none")"
        if let field = HTTPField.Name(CallContext.headerName) {
            headers[field] = if let context { context } else { try self.context(as: name, on: system) }
        }
        return try await client.answer(to: try HTTPClientRequest(method, "http://127.0.0.1:\(port)\(path)", headerFields: headers, json: json))
    }

    @discardableResult
    func expect(
        _ status: HTTPResponse.Status, _ method: HTTPRequest.Method, _ path: String, json: JSONValue? = nil, as name: String? = nil,
        on system: String? = nil
    ) async throws -> Answer {
        let answer = try await call(method, path, json: json, as: name, on: system)
        guard answer.status == status else {
            throw Unexpected(description: "\(method) \(path): \(answer) instead of \(status)")
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
        try await expect(.created, .post, jobs, json: description(script, fields, as: name), as: name).decoded(JobSubmissionAnswer.self).jobId
    }

    /// Submits a job by Slurm's commands, whichever way the fixture's system takes: the script's directives count, all of them.
    func submitByCommands(_ script: String, _ fields: [String: JSONValue] = [:], as name: String? = nil) async throws -> String {
        try await expect(
            .created, .post, "/compute/\(commandsSystem)/jobs", json: description(script, fields, as: name), as: name, on: commandsSystem
        ).decoded(JobSubmissionAnswer.self).jobId
    }

    func list(_ query: String = "", as name: String? = nil) async throws -> [JobModel] {
        try await expect(.ok, .get, "\(jobs)?\(query)", as: name).decoded(JobsAnswer.self).jobs
    }

    func job(_ id: String, as name: String? = nil) async throws -> JobModel {
        let jobs = try await expect(.ok, .get, "\(jobs)/\(PercentEncoding.encode(id))", as: name).decoded(JobsAnswer.self).jobs
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

    /// The path of a job.
    func path(_ id: String) -> String { "\(jobs)/\(PercentEncoding.encode(id))" }

    func cancel(_ id: String, as name: String? = nil) async throws {
        try await expect(.noContent, .delete, path(id), as: name)
    }

    /// Calls `PUT` on a job, by default without anything in it.
    @discardableResult
    func put(_ verb: String, _ id: String, _ body: JSONValue? = nil, as name: String? = nil, expecting status: HTTPResponse.Status) async throws -> Answer {
        try await expect(status, .put, "\(path(id))/\(verb)", json: body, as: name)
    }

    @discardableResult
    func attach(_ command: String, to id: String, as name: String? = nil, expecting status: HTTPResponse.Status) async throws -> Answer {
        try await put("attach", id, .object(["command": .string(command)]), as: name, expecting: status)
    }

    func metadata(_ id: String) async throws -> JobMetadata {
        let jobs = try await expect(.ok, .get, "\(path(id))/metadata").decoded(JobMetadataAnswer.self).jobs
        guard let first = jobs.first else { throw Unexpected(description: "no metadata of job \(id)") }
        return first
    }

    // MARK: - Files

    /// What is in a file as soon as something is.
    func content(of file: String) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            if let data = try? Data(contentsOf: URL(filePath: file)), !data.isEmpty { return String(decoding: data, as: UTF8.self) }
            guard ContinuousClock.now < deadline else { throw Unexpected(description: "nothing comes into \(file)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension JobModel {
    var hasEnded: Bool { !["PENDING", "RUNNING"].contains(status.state) }
}
