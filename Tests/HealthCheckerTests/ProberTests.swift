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
import Testing

@testable import HealthChecker

@Suite("Probing a system")
struct ProberTests {
    @Test("what answers is healthy, with what it tells")
    func healthy() async throws {
        try await Backend.with(answers: ["scheduler": (.ok, ["nodes": ["available": .integer(3), "total": .integer(4)]]), "filesystem": (.ok, ["message": "fast"])]) { prober, _ async throws in
            let scheduler = await prober.result(of: .scheduler, on: "cluster", timeout: .seconds(5))
            #expect(scheduler.healthy && scheduler.nodes == .init(available: 3, total: 4) && scheduler.message == nil)
            #expect(scheduler.lastChecked != nil && (scheduler.latency ?? -1) >= 0)
            let home = await prober.result(of: .filesystem(path: try AbsolutePath(normalising: "/home")), on: "cluster", timeout: .seconds(5))
            #expect(home.healthy && home.path == "/home" && home.message == "fast")
        }
    }

    @Test("what refuses is unhealthy with its reason, in which no apostrophe is left")
    func refusal() async throws {
        try await Backend.with(answers: ["ssh": (.failedDependency, ["errorType": "error", "message": "can't reach 'login'", "causedBy": ["it's down"]])]) {
            prober, _ async throws in
            let ssh = await prober.result(of: .ssh, on: "cluster", timeout: .seconds(5))
            #expect(!ssh.healthy && ssh.message == "cant reach login: its down")
        }
    }

    @Test("a probe that hangs ends at its timeout, wherever it hangs", arguments: ["ssh", "token", "s3"])
    func hanging(what: String) async throws {
        try await Backend.with(answers: ["ssh": (.ok, [:])], hanging: [what]) { prober, url async throws in
            let start = ContinuousClock.now
            let probe: Probe = what == "s3" ? .s3(url: "\(url)/s3") : .ssh
            let result = await prober.result(of: probe, on: "cluster", timeout: .milliseconds(300))
            #expect(!result.healthy && result.message?.isEmpty == false)
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect((result.latency ?? 0) >= 0.29)
        }
    }

    @Test("without a token nothing that needs one is healthy, and the reason is told")
    func noToken() async throws {
        try await Backend.with(answers: ["ssh": (.ok, [:]), "token": (.unauthorized, ["error": "invalid_client"])]) { prober, _ async throws in
            let ssh = await prober.result(of: .ssh, on: "cluster", timeout: .seconds(5))
            #expect(!ssh.healthy && ssh.message?.contains("token endpoint") == true)
            let unknown = await prober.result(of: .ssh, on: "other", timeout: .seconds(5))
            #expect(!unknown.healthy && unknown.message?.contains("service_account") == true)
        }
    }

    @Test("object storage is healthy if it answers at all", arguments: [(HTTPResponse.Status.ok, true), (.forbidden, true), (.badGateway, false)])
    func storage(status: HTTPResponse.Status, isHealthy: Bool) async throws {
        try await Backend.with(answers: ["s3": (status, [:])]) { prober, url async throws in
            #expect(await prober.result(of: .s3(url: "\(url)/s3"), on: "cluster", timeout: .seconds(5)).healthy == isHealthy)
        }
    }

    @Test("object storage that is not there is unhealthy")
    func noStorage() async throws {
        try await Backend.with(answers: [:]) { prober, _ async throws in
            let result = await prober.result(of: .s3(url: "http://127.0.0.1:1"), on: "cluster", timeout: .seconds(5))
            #expect(!result.healthy && result.message?.isEmpty == false)
        }
    }
}

@Suite("What is probed")
struct ProbeTests {
    @Test("everything that the configuration names, file systems one by one")
    func all() throws {
        var cluster = Backend.cluster
        cluster.fileSystems = try ["/home", "/scratch"].map { .init(path: try AbsolutePath(normalising: $0), dataType: .users) }
        cluster.probing = .init(services: [.ssh: .seconds(1), .filesystem: .seconds(2), .s3: .seconds(3)])
        let probes = Probe.all(of: cluster)
        #expect(probes.map(\.probe) == [.filesystem(path: cluster.fileSystems[0].path), .filesystem(path: cluster.fileSystems[1].path), .ssh])
        #expect(probes.map(\.timeout) == [.seconds(2), .seconds(2), .seconds(1)])
        cluster.probing = .init(services: nil)
        #expect(Probe.all(of: cluster).isEmpty)
    }
}

/// The services, the token endpoint and the object storage as a test wants them to answer.
enum Backend {
    static let cluster = Cluster(
        name: "cluster", serviceAccount: .init(clientID: "srv", secret: Secret("s")), ssh: .init(host: "127.0.0.1"),
        scheduler: .init(type: .slurm, version: "22.05"))

    /// - Parameters:
    ///   - answers: By the last part of the path.
    ///   - hanging: The last parts of the paths that never answer.
    static func with(
        answers: [String: (status: HTTPResponse.Status, json: JSONValue)], hanging: Set<String> = [],
        _ body: @escaping @Sendable (Prober, _ url: String) async throws -> Void
    ) async throws {
        var logger = Logger(label: "health-checker-tests")
        logger.logLevel = .critical
        let key = try SigningKey.generateEd25519()
        let token = try CompactJWS.sign(payload: Array("{\"preferred_username\":\"srv\"}".utf8), with: key, keyID: nil, type: "JWT")
        let router = Router(context: APIRequestContext.self)
        let handle: @Sendable (Request, APIRequestContext) async throws -> Response = { request, _ in
            let name = String(request.uri.path.split(separator: "/").last ?? "")
            if hanging.contains(name) { try? await Task.sleep(for: .seconds(3)) }
            let standard = name == "token" ? (.ok, ["access_token": .string(token)]) : (HTTPResponse.Status.notFound, JSONValue.null)
            let (status, json) = answers[name] ?? standard
            return Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(try JSONEncoder().encode(json)))))
        }
        router.get("**", use: handle)
        router.post("**", use: handle)
        let assembly = ServiceAssembly(responder: router.buildResponder(), disconnects: ClientDisconnects(), logger: logger)
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            let url = "http://127.0.0.1:\(port)"
            let settings = Settings(
                auth: Auth(authentication: Authentication(tokenURL: "\(url)/token", publicCertificates: [])), sshCredentials: .staticKeys([:]),
                clusters: [cluster])
            let services = InternalClient(
                client: client, signer: CallContextSigner(issuer: .healthChecker, key: key), addresses: [.compute: url, .filesystem: url])
            try await body(Prober(services: services, accounts: ServiceAccounts(settings: settings, client: client), client: client), url)
        }
        await client.shutdown()
    }
}
