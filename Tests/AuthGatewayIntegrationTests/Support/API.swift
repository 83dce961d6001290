import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Logging
import NIOCore
import StackTesting

/// The public API, as one of the stack's users calls it.
struct API: Sendable {
    let stack: Stack
    let baseURL: String
    let system: String
    let user: String
    let home: String
    private let token: String
    private let client: HTTPClient

    /// Calls the API of the running stack, or of another gateway in front of it.
    ///
    /// - Parameter user: `FIREUSER` or `FIRESRV`.
    init(baseURL: String? = nil, as user: String = "FIREUSER") async throws {
        stack = try Stack()
        self.baseURL = try baseURL ?? stack["BASE_URL"]
        system = try stack["SYSTEM"]
        self.user = try stack[user]
        home = try stack["\(user)_HOME"]
        client = Self.sharedClient
        token = try await Self.accessToken(of: user, stack, client)
    }

    /// One client for all tests: its connections are kept, as a client's would be.
    private static let sharedClient = HTTPClient(logger: Logger(label: "api-tests") { _ in SwiftLogNoOpLogHandler() })

    private static func accessToken(of user: String, _ stack: Stack, _ client: HTTPClient) async throws -> String {
        struct Grant: Decodable {
            let access_token: String
        }
        let form =
            "grant_type=client_credentials&client_id=\(PercentEncoding.encode(try stack["\(user)_CLIENT_ID"]))"
            + "&client_secret=\(PercentEncoding.encode(try stack["\(user)_CLIENT_SECRET"]))"
        let request = HTTPClientRequest(
            method: .post, url: try stack["TOKEN_URL"], headerFields: [.contentType: "application/x-www-form-urlencoded"],
            body: .bytes(ByteBuffer(string: form)))
        let response = try await client.collect(request, upTo: 1 << 20, deadline: .seconds(20))
        return try JSONDecoder().decode(Grant.self, from: Data(response.body.readableBytesView)).access_token
    }

    // MARK: - Calls

    var authorization: String { "Bearer \(token)" }
    var jobs: String { "/compute/\(system)/jobs" }
    var operations: String { "/filesystem/\(system)/ops" }
    var transfers: String { "/filesystem/\(system)/transfer" }

    /// - Parameter target: The path, and perhaps the query, as they are sent.
    func request(
        _ method: HTTPRequest.Method, _ target: String, headers: HTTPFields = [:], body: HTTPClientRequest.Body = .none
    ) -> HTTPClientRequest {
        var headers = headers
        if headers[.authorization] == nil { headers[.authorization] = authorization }
        return HTTPClientRequest(method: method, url: "\(baseURL)\(target)", headerFields: headers, body: body)
    }

    func send(_ request: HTTPClientRequest, deadline: Duration = .seconds(60)) async throws -> Answer {
        try await client.answer(to: request, deadline: deadline)
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, query: [String: String] = [:], json: JSONValue? = nil, headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if headers[.authorization] == nil { headers[.authorization] = authorization }
        return try await send(HTTPClientRequest(method, "\(baseURL)\(path)", query: query, headerFields: headers, json: json))
    }

    @discardableResult
    func expect(
        _ status: HTTPResponse.Status, _ method: HTTPRequest.Method, _ path: String, query: [String: String] = [:], json: JSONValue? = nil
    ) async throws -> Answer {
        let answer = try await call(method, path, query: query, json: json)
        guard answer.status == status else { throw Unexpected(description: "\(method) \(path) \(query): \(answer), not \(status.code)") }
        return answer
    }

    // MARK: - Files

    /// Lends a directory of the user's own.
    func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let directory = "\(home)/goldcrest-test-\(UInt64.random(in: .min ... .max))"
        try await expect(.created, .post, "\(operations)/mkdir", json: ["path": .string(directory)])
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(directory)) } catch { result = .failure(error) }
        _ = try? await call(.delete, "\(operations)/rm", query: ["path": directory])
        return try result.get()
    }

    func upload(_ content: [UInt8], named name: String, to directory: String) async throws -> Answer {
        let form = MultipartForm(fileName: name, content: content)
        let target = "\(operations)/upload?path=\(PercentEncoding.encode(directory))"
        return try await send(request(.post, target, headers: [.contentType: form.contentType], body: .bytes(ByteBuffer(bytes: form.bytes))))
    }

    /// Hidden files, too.
    func list(_ path: String) async throws -> [FileEntry] {
        try await expect(.ok, .get, "\(operations)/ls", query: ["path": path, "showHidden": "true"]).output()
    }

    /// The first lines of a file, once there is a file.
    func head(_ path: String) async throws -> String {
        let content: FileContent = try await expect(.ok, .get, "\(operations)/head", query: ["path": path, "bytes": "100000"]).output()
        return content.content
    }

    // MARK: - Jobs

    func job(_ id: String) async throws -> JobModel? {
        let answer = try await call(.get, "\(jobs)/\(PercentEncoding.encode(id))")
        // The scheduler's accounting learns of a job a moment after its submission.
        return answer.status == .notFound ? nil : try answer.decoded(JobsAnswer.self).jobs.first
    }

    /// Waits until a job has ended.
    @discardableResult
    func waitForEnd(of id: String) async throws -> JobModel {
        try await eventually(within: .seconds(120), "job \(id) ends") {
            guard let job = try await job(id), !["PENDING", "RUNNING", "COMPLETING", "CONFIGURING"].contains(job.status.state) else { return nil }
            return job
        }
    }
}
