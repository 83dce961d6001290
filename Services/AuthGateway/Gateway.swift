import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// The way of a request through the gateway: route, token, authorization, system, and then the answer.
struct Gateway: HTTPResponder {
    let rootPath: RootPath
    let routes: RouteTable
    let tokens: TokenVerifier
    let access: AccessControl
    let health: HealthBoard
    let systems: SystemsPage
    let documentation: Documentation
    let forwarder: Forwarder
    let loggedHeaders: LoggedHeaders
    let operations: any HTTPResponder<APIRequestContext>

    func respond(to request: Request, context: APIRequestContext) async throws -> Response {
        if OperationalPath.matches(request.uri.path) {
            return try await operations.respond(to: request, context: context)
        }
        let start = ContinuousClock.now
        var exchange = PublicExchange(request, context: context)
        var response: Response
        do {
            response = try await answer(request, &exchange)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            response = .failure(APIError(telling: error, logger: exchange.logger), user: exchange.user)
        }
        exchange.complete(&response)
        exchange.record(request, response, duration: start.duration(to: .now), showing: loggedHeaders)
        return response
    }

    private func answer(_ request: Request, _ exchange: inout PublicExchange) async throws -> Response {
        if let refusal = exchange.identityRefusal { throw refusal }
        try Self.checkTarget(of: request)
        let path = rootPath.strip(from: request.uri.path)
        if let (path, file) = documentation.file(at: path) {
            exchange.route = path
            return try file.response(to: request)
        }
        let match = try route(request.method, path)
        exchange.route = match.route.pattern
        if match.route.pattern == LivenessPage.pattern { return try LivenessPage(health: health.current).response() }

        let principal = try await tokens.principal(for: request.headers)
        exchange.user = principal.username
        if let decision = await access.decide(principal, for: match) {
            exchange.record(decision, about: principal)
            if let refusal = decision.refusal { throw refusal }
        }

        guard let system = match.system else { return try systems.response() }
        guard health.knows(system) else { throw APIError(.notFound, "System not found") }
        let body = ForwardedBody(of: request)
        exchange.body = body
        return try await forwarder.forward(
            request, path: path, to: match.route.destination, as: principal, on: system, body: body,
            unhealthy: health.current.unhealthyServices(of: system), identity: exchange.identity, channel: exchange.channel)
    }

    /// A fragment has no place in a request (RFC 9112, section 3.2). What is behind a `#` that should have been escaped would not reach the
    /// service, which would then work on another path than was asked for.
    private static func checkTarget(of request: Request) throws {
        guard !request.uri.string.utf8.contains(UInt8(ascii: "#")) else {
            throw APIError(.badRequest, "The request's target has a '#', which must be written %23")
        }
    }

    private func route(_ method: HTTPRequest.Method, _ path: String) throws -> RouteTable.Match {
        switch routes.find(method, path) {
        case .match(let match): return match
        case .notFound: throw APIError(.notFound, "Not Found")
        case .methodNotAllowed(let allowed):
            throw APIError(
                .methodNotAllowed, "Method Not Allowed",
                headerFields: [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
        }
    }
}
