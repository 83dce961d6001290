import FoundationEssentials
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat
import ReBAC

/// Asks an HTTP endpoint with the user's own token (`auth.authorization.url`): 200 is yes, any other status no, as in FirecREST.
///
/// An endpoint that answers like OpenFGA, with `allowed` in a JSON object, is taken at its word: 200 with anything but `true` there is a no.
struct EndpointPolicy: AccessPolicy {
    let name = "url"
    let server: PolicyServer

    private struct Question: Encodable {
        let user: String
        let relation: String
        let object: String
    }

    func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
        let key = question.key
        let body = Question(user: key.user.description, relation: key.relation, object: key.object.description)
        switch await server.answer(to: body, token: principal.token) {
        case .failure(let silence): return .undecided(silence.reason)
        case .success(let response):
            guard response.head.status == .ok else { return .denied("the endpoint answered with the status \(response.head.status.code)") }
            let object = try? JSONDecoder().decode([String: GoldcrestProtocol.JSONValue].self, from: Data(response.body.readableBytesView))
            if let allowed = object?["allowed"], allowed != .bool(true) { return .denied("the endpoint answered that it is not allowed") }
            return .allowed("the endpoint answered with the status 200")
        }
    }
}
