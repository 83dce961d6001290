import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import Logging

extension AccessControl {
    /// What `auth.authorization` asks for.
    ///
    /// - Parameter replica: There with `auth.authorization.rebac`.
    init(_ authorization: Authorization?, replica: RelationshipReplica?, logger: Logger) {
        self.init(
            requiredScopes: authorization?.requiredScopes ?? [:], checks: authorization?.checks ?? [:],
            policy: authorization.flatMap { Self.policy($0, replica, logger) })
    }

    private static func policy(_ authorization: Authorization, _ replica: RelationshipReplica?, _ logger: Logger) -> (any AccessPolicy)? {
        switch authorization.source {
        case nil: return nil
        case .endpoint(let url):
            let server = PolicyServer(client: client(authorization, logger), url: url, timeout: authorization.timeout)
            return cached(EndpointPolicy(server: server), authorization.cacheLifetime, asksByToken: true)
        case .openFGA(let store):
            let policy = OpenFGAPolicy(store, client: client(authorization, logger), timeout: authorization.timeout)
            return cached(policy, authorization.cacheLifetime, asksByToken: false)
        case .rebac:
            return ReBACPolicy(timeout: authorization.timeout) { () throws(RelationshipStoreError) in
                guard let replica else { throw .notLoaded(reason: "there is no replica of the store") }
                return try replica.goldcrestSnapshot()
            }
        }
    }

    /// A client of its own, so that questions have their own limit and never wait for what is forwarded.
    private static func client(_ authorization: Authorization, _ logger: Logger) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.maximumConnectionsPerHost = authorization.maxConnections
        return HTTPClient(configuration: configuration, logger: logger)
    }

    private static func cached(_ policy: any AccessPolicy, _ lifetime: Duration?, asksByToken: Bool) -> any AccessPolicy {
        lifetime.map { CachedPolicy(policy, lifetime: $0, asksByToken: asksByToken) } ?? policy
    }
}
