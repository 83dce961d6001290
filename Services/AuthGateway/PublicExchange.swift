import FoundationEssentials
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// One public request and what becomes known of it on its way.
struct PublicExchange {
    let channel: any Channel
    let identity: RequestIdentity
    /// Why the request's own ids were not taken.
    let identityRefusal: (any Error)?
    /// The authenticated user.
    var user: String? {
        didSet { logger[metadataKey: "user"] = user.map { "\($0)" } }
    }
    /// The pattern of the route that was found.
    var route = "unknown"
    /// What was decided about the request, for its line in the log.
    private var decision: (made: AccessDecision, principal: Principal)?
    /// The request's body, once it is on its way to a service.
    var body: ForwardedBody?
    var logger: Logger

    init(_ request: Request, context: APIRequestContext) {
        channel = context.channel
        do {
            identity = try RequestIdentity(headerFields: request.headers)
            identityRefusal = nil
        } catch {
            identity = RequestIdentity()
            identityRefusal = error
        }
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

    /// Keeps a decision for the line that the log gets of the request: who, what, decision and why stand in one line with its id.
    mutating func record(_ decision: AccessDecision, about principal: Principal) {
        self.decision = (decision, principal)
    }

    func record(_ request: Request, _ response: Response, duration: Duration, showing headers: LoggedHeaders) {
        RequestMetrics.shared.record(
            method: request.method.rawValue, route: route, status: response.status.code, duration: duration)
        // Grown step by step a dictionary would be hashed anew several times for each request.
        var facts = Logger.Metadata(minimumCapacity: 24)
        facts["http.method"] = "\(request.method)"
        facts["http.route"] = "\(route)"
        facts["http.status"] = "\(response.status.code)"
        facts["duration.ms"] = "\(duration.milliseconds)"
        facts["correlation.id"] = "\(identity.correlationID)"
        if let decision { decision.made.add(to: &facts, about: decision.principal) }
        facts.merge(headers.metadata(of: request.headers)) { fact, _ in fact }
        logger.info("request", metadata: facts)
    }
}
