@testable import AuthGateway
import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A gateway on a free port, in front of a service that the test provides.
struct TestGateway {
    static let system = "daint"

    let issuer: TestIssuer
    let client: HTTPClient
    let port: Int

    /// Runs a gateway and, behind it in the place of every service, `upstream`.
    ///
    /// - Parameter forwardingTimeout: How long the gateway waits for `upstream`.
    static func run(
        upstream: Router<APIRequestContext> = Router(context: APIRequestContext.self), forwardingTimeout: Duration = .seconds(20),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, changing change: (inout Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (TestGateway) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try CallContextKeys(folder: folder.path).generate()
        let issuer = try TestIssuer(in: folder)
        var settings = settings(jwks: issuer.jwksURL)
        change(&settings)
        let service = ServiceAssembly(responder: upstream.buildResponder(), disconnects: ClientDisconnects(), logger: logger)
        let finished = settings
        try await service.withRunningServer { upstreamPort in
            let address = "http://127.0.0.1:\(upstreamPort)"
            let environment = DeploymentEnvironment(
                service: .authGateway, configurationFile: "", listen: ListenAddress(host: "127.0.0.1", port: 0), computeURL: address,
                filesystemURL: address, transferURL: address,
                // Nothing listens there: a gateway without its database must serve all the same.
                databaseURL: Secret("postgresql://nobody@127.0.0.1:1/none"), keysDirectory: folder.path)
            let deployment = Deployment(settings: finished, environment: environment, logger: logger)
            let gateway = try AuthGateway.assemble(deployment, forwardingTimeout: forwardingTimeout)
            try await gateway.withRunningServer { port in
                let client = HTTPClient(logger: logger)
                let test = TestGateway(issuer: issuer, client: client, port: port)
                try await test.waitForKeys()
                try await body(test)
                await client.shutdown()
            }
        }
    }

    private static func settings(jwks: URL) -> Settings {
        Settings(
            auth: Auth(authentication: Authentication(tokenURL: "http://127.0.0.1:1/token", publicCertificates: [jwks.absoluteString])),
            sshCredentials: .staticKeys([:]),
            clusters: [
                Cluster(
                    name: system, ssh: Cluster.SSH(host: "127.0.0.1"), scheduler: Cluster.Scheduler(type: .slurm, version: "24.11"))
            ])
    }

    /// Keys are read in the background, so that the start never waits for them.
    private func waitForKeys() async throws {
        for _ in 0..<500 {
            if try await send(.get, "/status/systems").head.status == .ok { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw APIError(.unauthorized, "the gateway never read its keys")
    }

    /// Sends a request with a valid token, unless `authorization` says otherwise.
    func send(
        _ method: HTTPRequest.Method, _ path: String, authorization: String?? = .none, headerFields: HTTPFields = [:],
        body: HTTPClientRequest.Body = .none
    ) async throws -> HTTPClientResponse {
        let request = try request(method, path, authorization: authorization, headerFields: headerFields, body: body)
        return try await client.collect(request, upTo: 256 << 20, deadline: .seconds(20))
    }

    /// The same, but waits for the answer's head only.
    func exchange(_ method: HTTPRequest.Method, _ path: String) async throws -> HTTPExchange {
        try await client.exchange(request(method, path, authorization: .none, headerFields: [:], body: .none), deadline: .seconds(20))
    }

    private func request(
        _ method: HTTPRequest.Method, _ path: String, authorization: String??, headerFields: HTTPFields, body: HTTPClientRequest.Body
    ) throws -> HTTPClientRequest {
        var headerFields = headerFields
        headerFields[.authorization] =
            switch authorization {
            case .none: "Bearer \(try issuer.token())"
            case .some(let value): value
            }
        return HTTPClientRequest(method: method, url: "http://127.0.0.1:\(port)\(path)", headerFields: headerFields, body: body)
    }
}

extension HTTPClientResponse {
    func json() throws -> [String: JSONValue] {
        try JSONDecoder().decode([String: JSONValue].self, from: Data(body.readableBytesView))
    }
}
