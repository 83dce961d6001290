import GoldcrestProtocol
import HTTPTypes

/// Demands scopes of a token for groups of routes (`auth.authorization.required_scopes`).
struct ScopePolicy: AccessPolicy {
    let requiredScopes: [APIRoute.Group: [String]]

    func authorize(_ principal: Principal, for match: RouteTable.Match) async throws {
        let missing = requiredScopes[match.route.group, default: []].filter { !principal.scopes.contains($0) }
        guard missing.isEmpty else {
            throw APIError(.forbidden, "The token lacks the scope \(missing.joined(separator: ", "))")
        }
    }
}
