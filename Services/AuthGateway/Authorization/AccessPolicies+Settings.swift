import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol

extension AccessPolicies {
    /// The policies that `auth.authorization` asks for.
    ///
    /// - Throws: ``ConfigurationError`` for a source that this version cannot ask: it must not start as if everything were allowed.
    init(_ authorization: Authorization?, client: HTTPClient) throws {
        guard let authorization else {
            policies = []
            return
        }
        var policies: [any AccessPolicy] = []
        if !authorization.requiredScopes.isEmpty { policies.append(ScopePolicy(requiredScopes: authorization.requiredScopes)) }
        switch authorization.source {
        case nil: break
        case .endpoint(let url):
            policies.append(
                EndpointPolicy(client: client, url: url, timeout: authorization.timeout, check: { authorization.check(for: $0) }))
        case .openFGA: throw Self.unsupported("openfga")
        case .rebac: throw Self.unsupported("rebac")
        }
        self.policies = policies
    }

    private static func unsupported(_ source: String) -> ConfigurationError {
        ConfigurationError(problems: [
            .init(
                path: "auth.authorization.\(source)", found: "a source that this version of the gateway cannot ask",
                expected: "`url`, or no authorization section to let every valid token use every system")
        ])
    }
}
