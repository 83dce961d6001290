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
import Testing

@Suite("Tokens of service accounts")
struct ServiceAccountsTests {
    @Test("a token is asked for once and used again")
    func reuse() async throws {
        try await TokenEndpoint().with { endpoint, accounts async throws in
            let first = try await accounts.caller(on: "cluster")
            #expect(first.user == "srv")
            #expect(try await accounts.caller(on: "cluster").token == first.token)
            #expect(endpoint.requests == 1)
        }
    }

    @Test("a token is renewed before the services would refuse it")
    func renewal() async throws {
        try await TokenEndpoint(expiresIn: 300).with { endpoint, accounts async throws in
            let first = try await accounts.caller(on: "cluster")
            endpoint.advance(by: .seconds(254))
            #expect(try await accounts.caller(on: "cluster").token == first.token)
            endpoint.advance(by: .seconds(2))
            #expect(try await accounts.caller(on: "cluster").token != first.token)
            #expect(endpoint.requests == 2)
        }
    }

    @Test("who asks at the same time shares one request")
    func sharing() async throws {
        try await TokenEndpoint(delay: .milliseconds(200)).with { endpoint, accounts async throws in
            let tokens = try await withThrowingTaskGroup(of: String.self) { tasks in
                for _ in 0..<50 { tasks.addTask { try await accounts.caller(on: "cluster").token } }
                return try await tasks.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(tokens.count == 1)
            #expect(endpoint.requests == 1)
        }
    }

    @Test("an endpoint that failed is asked again the next time, and nothing tells the secret")
    func failure() async throws {
        try await TokenEndpoint(status: .internalServerError).with { endpoint, accounts async throws in
            for _ in 0..<2 {
                let error = try await #require(throws: APIError.self) { _ = try await accounts.caller(on: "cluster") }
                #expect(error.status == .failedDependency)
                #expect(!"\(error)".contains("s3cr+t"))
            }
            #expect(endpoint.requests == 2)
            endpoint.status = .ok
            #expect(try await accounts.caller(on: "cluster").user == "srv")
        }
    }

    @Test("a token that lives shorter than the minimum is used once each", arguments: [-5, 0, 20, 45])
    func shortLived(seconds: Int) async throws {
        try await TokenEndpoint(expiresIn: seconds).with { endpoint, accounts async throws in
            for number in 1...3 {
                #expect(try await accounts.caller(on: "cluster").user == "srv")
                #expect(endpoint.requests == number)
            }
        }
    }

    @Test("an endless lifetime is taken as a day")
    func endless() async throws {
        try await TokenEndpoint(expiresIn: .max).with { endpoint, accounts async throws in
            _ = try await accounts.caller(on: "cluster")
            endpoint.advance(by: .seconds(86_400))
            _ = try await accounts.caller(on: "cluster")
            #expect(endpoint.requests == 2)
        }
    }

    @Test("who is cancelled stops waiting; the others get the token")
    func cancellation() async throws {
        try await TokenEndpoint(delay: .seconds(1)).with { endpoint, accounts async throws in
            let start = ContinuousClock.now
            let impatient = Task { try await accounts.caller(on: "cluster") }
            let patient = Task { try await accounts.caller(on: "cluster") }
            impatient.cancel()
            await #expect(throws: CancellationError.self) { _ = try await impatient.value }
            #expect(ContinuousClock.now - start < .milliseconds(800))
            #expect(try await patient.value.user == "srv")
        }
    }

    @Test("the secret goes where the configuration says, encoded", arguments: Authentication.TokenEndpointMethod.allCases)
    func method(method: Authentication.TokenEndpointMethod) async throws {
        try await TokenEndpoint().with(method: method) { endpoint, accounts async throws in
            _ = try await accounts.caller(on: "cluster")
            let form = "grant_type=client_credentials"
            switch method {
            case .clientSecretPost:
                #expect(endpoint.lastBody == form + "&client_id=s%20r%20v&client_secret=s3cr%2Bt")
                #expect(endpoint.lastAuthorization == nil)
            case .clientSecretBasic:
                #expect(endpoint.lastBody == form)
                #expect(endpoint.lastAuthorization == "Basic \(Data("s%20r%20v:s3cr%2Bt".utf8).base64EncodedString())")
            }
        }
    }

    @Test("a system without a service account says so, and a caller shows no token")
    func missing() async throws {
        try await TokenEndpoint().with { _, accounts async throws in
            let error = try await #require(throws: APIError.self) { _ = try await accounts.caller(on: "other") }
            #expect(error.message.contains("service_account"))
            let caller = try await accounts.caller(on: "cluster")
            var dumped = "\(caller) \(String(reflecting: caller))"
            dump(caller, to: &dumped)
            #expect(!dumped.contains(caller.token))
        }
    }
}

/// A token endpoint of the tests' own, whose answers and time they set.
final class TokenEndpoint: Sendable {
    private struct State {
        var requests = 0
        var status: HTTPResponse.Status
        var lastBody: String?
        var lastAuthorization: String?
        var elapsed = Duration.zero
    }

    private let state: Mutex<State>
    private let expiresIn: Int
    private let delay: Duration
    private let start = ContinuousClock.now
    private let key: SigningKey

    init(expiresIn: Int = 300, status: HTTPResponse.Status = .ok, delay: Duration = .zero) throws {
        self.expiresIn = expiresIn
        self.delay = delay
        state = Mutex(State(status: status))
        key = try SigningKey.generateEd25519()
    }

    var requests: Int { state.withLock(\.requests) }
    var lastBody: String? { state.withLock(\.lastBody) }
    var lastAuthorization: String? { state.withLock(\.lastAuthorization) }
    var status: HTTPResponse.Status {
        get { state.withLock(\.status) }
        set { state.withLock { $0.status = newValue } }
    }

    func advance(by duration: Duration) {
        state.withLock { $0.elapsed += duration }
    }

    /// Runs `body` with the endpoint and accounts that use it: the system `cluster` has one.
    func with(
        method: Authentication.TokenEndpointMethod = .clientSecretBasic,
        _ body: @escaping @Sendable (TokenEndpoint, ServiceAccounts) async throws -> Void
    ) async throws {
        var logger = Logger(label: "service-accounts-tests")
        logger.logLevel = .error
        let router = Router(context: APIRequestContext.self)
        router.post("token") { request, _ in try await self.answer(request) }
        let assembly = ServiceAssembly(responder: router.buildResponder(), disconnects: ClientDisconnects(), logger: logger)
        let client = HTTPClient(logger: logger)
        try await assembly.withRunningServer { port in
            let account = Cluster.ServiceAccount(clientID: "s r v", secret: Secret("s3cr+t"))
            let cluster = Cluster(
                name: "cluster", serviceAccount: account, ssh: .init(host: "127.0.0.1"), scheduler: .init(type: .slurm, version: "22.05"))
            let settings = Settings(
                auth: Auth(
                    authentication: Authentication(
                        tokenURL: "http://127.0.0.1:\(port)/token", tokenEndpointMethod: method, publicCertificates: [])),
                sshCredentials: .staticKeys([:]), clusters: [cluster])
            let accounts = ServiceAccounts(settings: settings, client: client) { self.start + self.state.withLock(\.elapsed) }
            try await body(self, accounts)
        }
        await client.shutdown()
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = String(buffer: try await request.body.collect(upTo: 1 << 16))
        let (number, status) = state.withLock { state in
            state.requests += 1
            state.lastBody = body
            state.lastAuthorization = request.headers[.authorization]
            return (state.requests, state.status)
        }
        try await Task.sleep(for: delay)
        let claims: JSONValue = ["preferred_username": "srv", "jti": .integer(Int64(number))]
        let token = try CompactJWS.sign(payload: Array(JSONEncoder().encode(claims)), with: key, keyID: nil, type: "JWT")
        let answer: JSONValue = ["access_token": .string(token), "expires_in": .integer(Int64(expiresIn)), "token_type": "Bearer"]
        return Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(try JSONEncoder().encode(answer)))))
    }
}
