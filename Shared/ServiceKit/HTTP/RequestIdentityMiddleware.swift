public import Hummingbird
import Logging

/// Gives each request its ids, and the ids to the log and the answer. The gateway has refused ids that are none.
public struct RequestIdentityMiddleware: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let identity = (try? RequestIdentity(headerFields: request.headers)) ?? RequestIdentity()
        context.identity = identity
        context.logger[metadataKey: "request.id"] = "\(identity.requestID)"
        context.logger[metadataKey: "correlation.id"] = "\(identity.correlationID)"
        var response = try await next(request, context)
        response.headers[.requestID] = identity.requestID
        response.headers[.correlationID] = identity.correlationID
        return response
    }
}
