public import GoldcrestProtocol
import HTTPTypes
public import Hummingbird
import Logging

/// Finds out who calls: verifies the call context that another service signed.
///
/// A request without one passes, for the routes that need none; those that act for a user have a ``CallerRequestContext``, which demands it.
public struct CallContextMiddleware: RouterMiddleware {
    private let verifier: CallContextVerifier

    public init(verifier: CallContextVerifier) {
        self.verifier = verifier
    }

    public func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.callContext] else {
            return try await next(request, context)
        }
        var context = context
        let call = try verifier.context(from: header, accepting: Set(CallIssuer.allCases))
        context.call = call
        context.token = try BearerCredentials.token(in: request.headers)
        context.logger[metadataKey: "user"] = "\(call.user)"
        context.logger[metadataKey: "system"] = "\(call.system)"
        return try await next(request, context)
    }
}
