import FoundationEssentials
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// One public request and what becomes known of it on its way.
struct PublicExchange {
    let channel: any Channel
    var identity = RequestIdentity() {
        didSet { logger[metadataKey: "request.id"] = "\(identity.requestID)" }
    }
    /// The authenticated user.
    var user: String? {
        didSet { logger[metadataKey: "user"] = user.map { "\($0)" } }
    }
    /// The pattern of the route that was found.
    var route = "unknown"
    /// The request's body, once it is on its way to a service.
    var body: ForwardedBody?
    var logger: Logger

    init(context: APIRequestContext) {
        channel = context.channel
        logger = context.logger
        logger[metadataKey: "request.id"] = "\(identity.requestID)"
    }

    /// Adds the headers that every public answer carries.
    func complete(_ response: inout Response) {
        response.headers[.timestamp] = Self.timestamp()
        response.headers[.appVersion] = GoldcrestVersion.api
        response.headers[.requestID] = identity.requestID
        response.headers[.correlationID] = identity.correlationID
        if body?.isUnfinished == true { response.headers[.connection] = "close" }
        response.headers[.authenticatedUser] = user
    }

    private static func timestamp() -> String {
        let microseconds = Int(Date().timeIntervalSince1970 * 1_000_000)
        return "\(microseconds / 1_000_000).\(String(microseconds % 1_000_000 + 1_000_000).dropFirst())"
    }

    func record(_ request: Request, _ response: Response, duration: Duration, showing headers: LoggedHeaders) {
        RequestMetrics.record(
            method: request.method.rawValue, route: route, status: response.status.code, duration: duration)
        let facts: Logger.Metadata = [
            "http.method": "\(request.method)", "http.route": "\(route)", "http.status": "\(response.status.code)",
            "duration.ms": "\(duration.milliseconds)", "correlation.id": "\(identity.correlationID)",
        ]
        logger.info("request", metadata: facts.merging(headers.metadata(of: request.headers)) { fact, _ in fact })
    }
}
