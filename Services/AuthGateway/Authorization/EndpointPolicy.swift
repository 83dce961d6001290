import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat

/// Asks an HTTP endpoint whether a user may use a system (`auth.authorization.url`): 200 is yes, any other answer no.
struct EndpointPolicy: AccessPolicy {
    let client: HTTPClient
    let url: String
    let timeout: Duration
    /// The relation and object type to ask for, by group of routes.
    let check: @Sendable (APIRoute.Group) -> Authorization.Check

    private struct Question: Encodable {
        let user: String
        let relation: String
        let object: String
    }

    func authorize(_ principal: Principal, for match: RouteTable.Match) async throws {
        guard let system = match.system else { return }
        let check = check(match.route.group)
        let question = Question(user: "user:\(principal.username)", relation: check.relation, object: "\(check.objectType):\(system)")
        let request = HTTPClientRequest(
            method: .post, url: url,
            headerFields: [.contentType: "application/json", .authorization: "Bearer \(principal.token)"],
            body: .bytes(ByteBuffer(data: try JSONEncoder().encode(question))))
        let status: HTTPResponse.Status
        do {
            status = try await client.collect(request, upTo: 64 << 10, deadline: timeout).head.status
        } catch let error as HTTPClientError {
            throw APIError(.unauthorized, "The authorization service cannot be asked", causes: [error.message])
        }
        guard status == .ok else {
            throw APIError(.forbidden, "\(principal.username) may not use the system \(system)")
        }
    }
}
