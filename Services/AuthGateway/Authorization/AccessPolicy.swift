import GoldcrestProtocol

/// Decides whether a user may send a request.
protocol AccessPolicy: Sendable {
    /// - Throws: ``APIError`` with status 403 if not, 401 if the authority that decides cannot be asked.
    func authorize(_ principal: Principal, for match: RouteTable.Match) async throws
}

/// Lets a request pass that every one of several policies lets pass; with none, every authenticated user may do everything.
struct AccessPolicies: AccessPolicy {
    let policies: [any AccessPolicy]

    func authorize(_ principal: Principal, for match: RouteTable.Match) async throws {
        for policy in policies { try await policy.authorize(principal, for: match) }
    }
}
