import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import StackTesting
import Synchronization

/// Stands between a transfer-service and the stack's other services, and holds one kind of call until it is told what becomes of it.
final class HoldingProxy: Sendable {
    /// Where a call is held.
    enum Side: Sendable {
        /// On the way to its service.
        case request
        /// On the way back: the service has done what it was asked.
        case answer
    }

    enum Fate: Sendable {
        case passed, dropped
    }

    /// Which call is held.
    struct Call: Sendable {
        var method: HTTPRequest.Method
        var pathSuffix: String
        var side: Side
    }

    private let call: Call
    private let addresses: (compute: String, filesystem: String)
    private let client: HTTPClient
    private let arrival = OneSignal()
    private let decision = OneSignal()
    private let end = OneSignal()
    private let fate = Mutex(Fate.passed)

    private init(_ call: Call, stack: Stack, client: HTTPClient) throws {
        self.call = call
        addresses = try (stack["COMPUTE_URL"], stack["FILESYSTEM_URL"])
        self.client = client
    }

    /// Runs `body` with the proxy and its URL.
    static func with(
        holding call: Call, stack: Stack, client: HTTPClient, _ body: @escaping @Sendable (HoldingProxy, String) async throws -> Void
    ) async throws {
        let proxy = try HoldingProxy(call, stack: stack, client: client)
        let router = Router(context: APIRequestContext.self)
        for method in [HTTPRequest.Method.get, .post, .delete] {
            router.on("**", method: method) { request, _ in try await proxy.answer(request) }
        }
        var logger = Logger(label: "holding-proxy")
        logger.logLevel = .critical
        try await ServiceAssembly(responder: router.buildResponder(), disconnects: ClientDisconnects(), logger: logger).withRunningServer { port in
            try await body(proxy, "http://127.0.0.1:\(port)")
            // Whoever is still held must not keep the server from ending.
            proxy.decision.give()
        }
    }

    /// Waits until the call is held.
    func holds() async throws {
        try await arrival.wait(for: .seconds(60), "the call is held")
    }

    /// Decides what becomes of the call, and waits until it has.
    func end(_ fate: Fate) async throws {
        self.fate.withLock { $0 = fate }
        decision.give()
        try await end.wait(for: .seconds(60), "the call has ended")
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        guard request.method == call.method, request.uri.path.hasSuffix(call.pathSuffix) else { return try await forward(request, body) }
        defer { end.give() }
        switch call.side {
        case .request:
            guard await held() == .passed else { return Response(status: .badGateway) }
            return try await forward(request, body)
        case .answer:
            let answer = try await forward(request, body)
            return await held() == .passed ? answer : Response(status: .badGateway)
        }
    }

    private func held() async -> Fate {
        arrival.give()
        try? await decision.wait(for: .seconds(60), "the decision comes")
        return fate.withLock(\.self)
    }

    private func forward(_ request: Request, _ body: ByteBuffer) async throws -> Response {
        let address = request.uri.path.hasPrefix("/compute") ? addresses.compute : addresses.filesystem
        var headers = request.headers
        headers[.contentLength] = nil
        headers[.connection] = nil
        let response = try await client.collect(
            HTTPClientRequest(
                method: request.method, url: "\(address)\(request.uri)", headerFields: headers, body: body.readableBytes > 0 ? .bytes(body) : .none),
            upTo: 64 << 20, deadline: .seconds(60))
        return Response(
            status: response.head.status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: response.body))
    }
}

/// Is given once, and waited for by any number.
private final class OneSignal: Sendable {
    private let isGiven = Mutex(false)

    func give() { isGiven.withLock { $0 = true } }

    func wait(for limit: Duration, _ what: String) async throws {
        try await eventually(within: limit, what) { isGiven.withLock(\.self) }
    }
}
