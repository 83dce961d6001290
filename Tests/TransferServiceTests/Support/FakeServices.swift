import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

@testable import TransferService

/// compute-service, filesystem-service and the token endpoint as tests want them to answer, with what they were asked.
final class FakeServices: Sendable {
    struct Answer: Sendable {
        var status: HTTPResponse.Status = .ok
        var json: JSONValue

        static func refusal(_ status: HTTPResponse.Status, _ message: String) -> Answer {
            Answer(status: status, json: ["errorType": "error", "message": .string(message)])
        }
    }

    struct State: Sendable {
        var stat = Answer(json: ["output": FakeServices.stat(mode: 0o100_644)])
        var head = Answer(json: ["output": ["content": "x", "contentType": "bytes", "startPosition": .integer(0), "endPosition": .integer(1)]])
        var submission = Answer(status: .created, json: ["jobId": "4711"])
        var jobs: [JSONValue] = []
        /// The jobs that only a history longer than an hour has.
        var oldJobs: [JSONValue] = []
        var submitted: [JSONValue] = []
        var asked: [String] = []
        /// Called while a submission is going on.
        var duringSubmission: (@Sendable () async throws -> Void)?
    }

    private let current = Mutex(State())
    let services: InternalClient
    let accounts: ServiceAccounts
    let cluster: Cluster
    let logger: Logger

    static func stat(mode: Int64) -> JSONValue {
        let fields = ["ino", "dev", "nlink", "uid", "gid", "size", "atime", "ctime", "mtime"].map { ($0, JSONValue.integer(1)) }
        return .object(Dictionary(uniqueKeysWithValues: fields + [("mode", .integer(mode))]))
    }

    static func job(_ id: String, _ name: String, user: String? = "ada", _ state: String, exitCode: Int64? = nil) -> JSONValue {
        [
            "jobId": .string(id), "name": .string(name), "user": user.map { .string($0) } ?? .null,
            "status": ["state": .string(state), "stateReason": .null, "exitCode": exitCode.map { .integer($0) } ?? .null, "interruptSignal": .null],
        ]
    }

    private init(port: Int, client: HTTPClient, cluster: Cluster, logger: Logger) throws {
        let url = "http://127.0.0.1:\(port)"
        services = InternalClient(
            client: client, signer: CallContextSigner(issuer: .transferService, key: try .generateEd25519()),
            addresses: [.compute: url, .filesystem: url])
        accounts = ServiceAccounts(
            settings: Settings(
                auth: Auth(authentication: Authentication(tokenURL: "\(url)/token", publicCertificates: [])),
                sshCredentials: .staticKeys([:]), clusters: [cluster]), client: client)
        self.cluster = cluster
        self.logger = logger
    }

    var state: State { current.withLock(\.self) }

    func change(_ body: (inout State) -> Void) {
        current.withLock { body(&$0) }
    }

    /// Runs `body` with the services.
    static func with(_ body: @escaping @Sendable (FakeServices) async throws -> Void) async throws {
        var logger = Logger(label: "transfer-service-tests")
        logger.logLevel = .error
        let router = Router(context: APIRequestContext.self)
        let holder = Mutex<FakeServices?>(nil)
        let handle: @Sendable (Request, APIRequestContext) async throws -> Response = { request, _ in
            guard let fake = holder.withLock({ $0 }) else { throw HTTPError(.serviceUnavailable) }
            return try await fake.answer(request)
        }
        router.get("**", use: handle)
        router.post("**", use: handle)
        let assembly = ServiceAssembly(responder: router.buildResponder(), disconnects: ClientDisconnects(), logger: logger)
        let client = HTTPClient(logger: logger)
        let cluster = Cluster(
            name: "cluster", serviceAccount: .init(clientID: "srv", secret: Secret("s")),
            fileSystems: [
                .init(path: try AbsolutePath(normalising: "/home"), dataType: .users, defaultWorkDir: true),
                .init(path: try AbsolutePath(normalising: "/scratch/a"), dataType: .scratch),
            ],
            ssh: .init(host: "127.0.0.1"), scheduler: .init(type: .slurm, version: "22.05"),
            dataOperation: .init(datatransferJobsDirectives: ["#SBATCH --time=5"]))
        try await assembly.withRunningServer { [logger] port in
            let fake = try FakeServices(port: port, client: client, cluster: cluster, logger: logger)
            holder.withLock { $0 = fake }
            try await body(fake)
            holder.withLock { $0 = nil }
        }
        await client.shutdown()
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        let path = request.uri.path
        current.withLock { $0.asked.append("\(request.method) \(request.uri)") }
        switch (request.method, path) {
        case (.post, "/token"):
            let token = try CompactJWS.sign(
                payload: Array("{\"preferred_username\":\"srv\"}".utf8), with: .generateEd25519(), keyID: nil, type: "JWT")
            return try Self.response(Answer(json: ["access_token": .string(token), "expires_in": .integer(3600)]))
        case (.post, "/compute/cluster/jobs"):
            let json = try JSONDecoder().decode(JSONValue.self, from: Data(body.readableBytesView))
            let (answer, during) = current.withLock { state in
                state.submitted.append(json)
                return (state.submission, state.duringSubmission)
            }
            try await during?()
            return try Self.response(answer)
        case (.get, "/compute/cluster/jobs"):
            let query = request.uri.queryParameters
            let jobs = current.withLock { query["time_window"] == "1h" ? $0.jobs : $0.jobs + $0.oldJobs }
            return try Self.response(Answer(json: ["jobs": .array(jobs)]))
        case (.get, "/filesystem/cluster/ops/stat"): return try Self.response(current.withLock(\.stat))
        case (.get, "/filesystem/cluster/ops/head"): return try Self.response(current.withLock(\.head))
        default: return Response(status: .notFound)
        }
    }

    private static func response(_ answer: Answer) throws -> Response {
        Response(
            status: answer.status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(try JSONEncoder().encode(answer.json)))))
    }
}
