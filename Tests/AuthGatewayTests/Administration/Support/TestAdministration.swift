@testable import AuthGateway
import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestPostgres
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import PostgresTesting
import Testing

/// An administration API on a free port, over a database of its own.
struct TestAdministration: Sendable {
    static let token = "sesame-administration"

    let client: HTTPClient
    let port: Int
    let replica: RelationshipReplica

    /// Runs the API for as long as `body` does.
    static func run(_ body: @escaping @Sendable (TestAdministration) async throws -> Void) async throws {
        try await TestDatabase.withFreshSchema { url in try await run(on: url, body) }
    }

    /// - Parameter url: A database that may have other gateways as well.
    static func run(on url: String, _ body: @escaping @Sendable (TestAdministration) async throws -> Void) async throws {
        let pool = PostgresPool(url: url, maximumConnections: 2, logger: TestDatabase.quiet)
        let store = RelationshipStore(pool: pool)
        let replica = RelationshipReplica(store: store, seed: nil, maxStaleness: .seconds(300), logger: TestDatabase.quiet)
        let server = AdministrationServer(
            Administration(store: store, replica: replica), address: ListenAddress(host: "127.0.0.1", port: 0), token: Secret(token),
            logger: TestDatabase.quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await replica.run() }
            tasks.addTask {
                try await server.withRunningServer { port in
                    let client = HTTPClient(logger: TestDatabase.quiet)
                    let test = TestAdministration(client: client, port: port, replica: replica)
                    let result: Result<Void, any Error>
                    do {
                        try await test.waitUntilHealthy()
                        result = .success(try await body(test))
                    } catch {
                        result = .failure(error)
                    }
                    await client.shutdown()
                    try result.get()
                }
            }
            // The replica runs until it is told to stop, or has failed.
            try await tasks.next()
            tasks.cancelAll()
            while let _ = await tasks.nextResult() {}
        }
        await pool.close()
    }

    private func waitUntilHealthy() async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try await send(.get, "/healthz", authorization: nil).status != .ok {
            try #require(ContinuousClock.now < limit, "the administration API is not healthy: \(replica.problem ?? "")")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    // MARK: - Requests

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headerFields: HTTPFields
        let text: String

        /// The value at a path such as `tuples.0.key.user`; `null` where there is none.
        subscript(path: String) -> JSONValue {
            path.split(separator: ".").reduce(json) { value, step in
                switch value {
                case .object(let members): members[String(step)] ?? .null
                case .array(let elements): Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? .null
                default: .null
                }
            }
        }

        var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null }

        func string(_ path: String) -> String {
            guard case .string(let text) = self[path] else { return "" }
            return text
        }

        func count(_ path: String) -> Int {
            switch self[path] {
            case .array(let elements): elements.count
            case .object(let members): members.count
            default: 0
            }
        }

        /// The error's code; empty where it is none.
        var code: String { string("code") }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, contentType: String = "application/json",
        accept: String? = nil, authorization: String? = "Bearer \(token)"
    ) async throws -> Answer {
        var headerFields: HTTPFields = [:]
        headerFields[.accept] = accept
        headerFields[.authorization] = authorization
        if body != nil { headerFields[.contentType] = contentType }
        let request = HTTPClientRequest(
            method: method, url: "http://127.0.0.1:\(port)\(path)", headerFields: headerFields,
            body: body.map { .bytes(ByteBuffer(string: $0)) } ?? .none)
        let response = try await client.collect(request, upTo: 64 << 20, deadline: .seconds(20))
        return Answer(status: response.head.status, headerFields: response.head.headerFields, text: String(buffer: response.body))
    }
}
