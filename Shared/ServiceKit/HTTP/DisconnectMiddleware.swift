public import Hummingbird

/// Cancels a request's handler when its client goes away, so that nothing is done on a system for nobody.
public struct DisconnectMiddleware: RouterMiddleware {
    private let disconnects: ClientDisconnects

    public init(disconnects: ClientDisconnects) {
        self.disconnects = disconnects
    }

    public func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        try await withoutActuallyEscaping(next) { next in
            let next = UncheckedTransfer(next)
            return try await disconnects.cancellingOnDisconnect(of: context.channel) {
                try await next.value(request, context)
            }
        }
    }

    /// The rest of the middleware chain is built from `Sendable` parts, though its type does not say so, and only the one task runs it.
    private struct UncheckedTransfer<Value>: @unchecked Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }
}
