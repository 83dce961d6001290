import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Sends a request on to the service that answers it, streaming its body there and the answer back.
struct Forwarder {
    let client: HTTPClient
    let signer: CallContextSigner
    let disconnects: ClientDisconnects
    /// Where the services are, without a slash at the end.
    let destinations: [APIRoute.Destination: String]
    /// The longest wait for the head of an answer: longer than any command of a system may take.
    let timeout: Duration

    /// Headers of a request that concern the service; no other reaches it.
    private static let requestHeaders: [HTTPField.Name] = [
        .contentType, .accept, .range, .ifRange, .ifMatch, .ifNoneMatch, .ifModifiedSince, .ifUnmodifiedSince, .lastEventID, .traceParent,
        .idempotencyKey,
    ]
    /// Headers of an answer that concern only the connection between gateway and service (RFC 9110, section 7.6.1), or that the gateway sets itself.
    private static let droppedResponseHeaders: Set<HTTPField.Name> = [
        .connection, .transferEncoding, .upgrade, .trailer, .te, .date, .server, .requestID, .correlationID,
    ]

    /// Longer than anything that a service may have to wait for on any of the systems: a connection, a login and a command, or the scheduler,
    /// twice, as a read may have to wait for one that has begun before it.
    static func timeout(for clusters: [Cluster]) -> Duration {
        let longest = clusters.map { cluster in
            let ssh = cluster.ssh.timeout
            return ssh.connection + ssh.login + max(ssh.commandExecution, cluster.scheduler.timeout * 2)
        }.max()
        return (longest ?? .zero) + .seconds(10)
    }

    /// Bytes per second below which an upload is given up.
    private static let slowestLine = 64 << 10
    /// Bytes beyond which the announced length of a body gives no more time.
    private static let longestBody = 8 << 30

    func forward(
        _ request: Request, path: String, to destination: APIRoute.Destination, as principal: Principal, on system: String,
        body: ForwardedBody, unhealthy: [UnhealthyService], identity: RequestIdentity, channel: any Channel
    ) async throws -> Response {
        guard let base = destinations[destination] else {
            throw APIError(.badGateway, "\(destination.rawValue) is not configured")
        }
        let query = request.uri.query.map { "?\($0)" } ?? ""
        var headerFields = HTTPFields()
        for name in Self.requestHeaders { headerFields[name] = request.headers[name] }
        headerFields[.authorization] = "Bearer \(principal.token)"
        headerFields[.requestID] = identity.requestID
        headerFields[.correlationID] = identity.correlationID
        headerFields[.callContext] = try signer.headerValue(user: principal.username, system: system, unhealthyServices: unhealthy)

        let upstream = HTTPClientRequest(
            method: request.method, url: "\(base)\(path)\(query)", headerFields: headerFields, body: Self.body(of: request, body))
        let exchange = try await start(upstream, to: destination, channel: channel, deadline: deadline(for: request))
        return response(of: exchange, to: request, channel: channel)
    }

    /// The answer to an upload comes when all of it has: its client gets the time that a slow line needs.
    private func deadline(for request: Request) -> Duration {
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        return timeout + .seconds(min(length, Self.longestBody) / Self.slowestLine)
    }

    private static func body(of request: Request, _ body: ForwardedBody) -> HTTPClientRequest.Body {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if length == 0 || (length == nil && request.headers[.transferEncoding] == nil) { return .none }
        return .stream(length: length, body)
    }

    private func start(
        _ request: HTTPClientRequest, to destination: APIRoute.Destination, channel: any Channel, deadline: Duration
    ) async throws -> HTTPExchange {
        do {
            let exchange = try client.prepare(request, deadline: deadline)
            let registration = disconnects.observe(channel) { exchange.cancel() }
            defer { registration.end() }
            return try await exchange.begin()
        } catch let error as HTTPClientError {
            throw APIError(calling: destination, error)
        }
    }

    private func response(of exchange: HTTPExchange, to request: Request, channel: any Channel) -> Response {
        var headerFields = HTTPFields()
        for field in exchange.head.headerFields where !Self.droppedResponseHeaders.contains(field.name) {
            headerFields.append(field)
        }
        let body: ResponseBody
        if request.method == .head {
            body = ResponseBody()
        } else if let complete = exchange.body.bufferedBody {
            body = ResponseBody(byteBuffer: complete)
        } else {
            body = streamed(exchange, length: headerFields[.contentLength].flatMap { Int($0) }, channel: channel)
        }
        return Response(status: exchange.head.status, headers: headerFields, body: body)
    }

    private func streamed(_ exchange: HTTPExchange, length: Int?, channel: any Channel) -> ResponseBody {
        ResponseBody(contentLength: length) { writer in
            let registration = disconnects.observe(channel) { exchange.cancel() }
            defer { registration.end() }
            for try await chunk in exchange.body { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
    }
}
