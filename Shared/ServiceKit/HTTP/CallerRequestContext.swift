public import GoldcrestProtocol
public import Hummingbird
public import NIOCore

/// The context of routes that act for a user on a system: none of them runs without a valid call context.
public struct CallerRequestContext: ChildRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The connection that the request came on.
    public let channel: any Channel
    public let identity: RequestIdentity
    /// Who asks for what.
    public let call: CallContext
    /// The user's own token.
    public let token: String

    /// - Throws: ``APIError`` with status 401 if the request has no valid call context, or one for another system than the path names.
    public init(context: APIRequestContext) throws {
        guard let call = context.call else {
            throw APIError(.unauthorized, "A call context (header \(CallContext.headerName)) is needed; this service is called through auth-gateway")
        }
        guard Self.issuers(for: context.endpointPath).contains(call.issuer) else {
            throw APIError(.unauthorized, "\(call.issuer.rawValue) may not call this route")
        }
        guard let system = context.parameters.get("system"), system.lowercased() == call.system else {
            throw APIError(.unauthorized, "The call context is for another system than the path names")
        }
        coreContext = context.coreContext
        channel = context.channel
        identity = context.identity ?? RequestIdentity()
        self.call = call
        token = context.token
    }

    /// Each issuer has its own routes: the health checker only those of probes, which nobody else needs.
    private static func issuers(for route: String?) -> Set<CallIssuer> {
        route?.hasPrefix("/internal/") == true ? [.healthChecker] : [.authGateway, .transferService]
    }

    /// A parameter of the path with its percent escapes undone.
    ///
    /// - Throws: ``APIError`` with status 400 if the escapes are not UTF-8.
    public func pathParameter(_ name: String) throws -> String {
        guard let raw = parameters.get(name), let text = PercentEncoding.decode(raw) else {
            throw APIError(.badRequest, "The path's part `\(name)` is not valid UTF-8")
        }
        return text
    }

    /// Refuses the request while the health checker marks a service that it needs as unhealthy.
    ///
    /// - Throws: ``APIError`` with status 503.
    public func requireHealthy(_ services: BackendServiceType...) throws {
        guard let service = call.unhealthyServices.first(where: { services.contains($0.serviceType) }) else { return }
        throw APIError(.serviceUnavailable, "The service \(service.serviceType.rawValue)\(service.path.map { " \($0)" } ?? "") of \(call.system) is unhealthy; see /status/systems")
    }
}
