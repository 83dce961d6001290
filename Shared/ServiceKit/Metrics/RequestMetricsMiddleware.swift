public import CoreMetrics
public import Hummingbird
import Logging
import Synchronization

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
        RequestMetrics.shared.record(method: request.method.rawValue, route: route, status: response.status.code, duration: duration)
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
public final class RequestMetrics: Sendable {
    /// Those of the process. For use after swift-metrics has been told its factory.
    public static let shared = RequestMetrics(in: MetricsSystem.factory)

    private static let knownMethods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

    private struct Series: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let factory: any MetricsFactory
    /// A timer knows its place in the factory, which looks it up by text.
    private let timers = Mutex<[Series: Timer]>([:])

    public init(in factory: any MetricsFactory) {
        self.factory = factory
    }

    /// - Parameter route: The route's pattern; one of a fixed set.
    public func record(method: String, route: String, status: Int, duration: Duration) {
        // Clients may make up methods; each would be a series of its own, kept for ever.
        let knownMethod = Self.knownMethods.contains(method) ? method : "other"
        timer(of: Series(method: knownMethod, route: route, status: status))
            .recordNanoseconds(duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }

    private func timer(of series: Series) -> Timer {
        timers.withLock { timers in
            if let timer = timers[series] { return timer }
            let dimensions = [("method", series.method), ("route", series.route), ("status", String(series.status))]
            let timer = Timer(label: "http_request_duration_seconds", dimensions: dimensions, factory: factory)
            timers[series] = timer
            return timer
        }
    }
}

extension Duration {
    /// In milliseconds, with three decimals, for logs.
    public var milliseconds: Double {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        return Double(microseconds) / 1000
    }
}
