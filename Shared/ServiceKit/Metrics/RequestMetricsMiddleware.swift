public import CoreMetrics
public import Hummingbird
import Logging

/// Counts requests and times them, by route pattern (never by path, of which there are too many) and status.
public struct RequestMetricsMiddleware: RouterMiddleware {
    public init() {}

    public func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = start.duration(to: .now)
        let route = context.endpointPath ?? "unknown"
        RequestMetrics.record(method: request.method.rawValue, route: route, status: response.status.code, duration: duration)
        context.logger.info(
            "request",
            metadata: [
                "http.method": "\(request.method)", "http.route": "\(route)", "http.status": "\(response.status.code)",
                "duration.ms": "\(duration.milliseconds)",
            ])
        return response
    }
}

/// The metrics that every HTTP server of Goldcrest keeps.
public enum RequestMetrics {
    private static let knownMethods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

    /// - Parameter route: The route's pattern; one of a fixed set.
    public static func record(
        method: String, route: String, status: Int, duration: Duration, in factory: any MetricsFactory = MetricsSystem.factory
    ) {
        // Clients may make up methods; each would be a series of its own, kept for ever.
        let knownMethod = knownMethods.contains(method) ? method : "other"
        let dimensions = [("method", knownMethod), ("route", route), ("status", String(status))]
        Timer(label: "http_request_duration_seconds", dimensions: dimensions, factory: factory)
            .recordNanoseconds(duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }
}

extension Duration {
    /// In milliseconds, with three decimals, for logs.
    public var milliseconds: Double {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        return Double(microseconds) / 1000
    }
}
