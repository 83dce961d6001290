import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore
import NIOFoundationEssentialsCompat
import ReBAC

/// Asks an OpenFGA server (`auth.authorization.openfga`), by `Check` of its HTTP API.
struct OpenFGAPolicy: AccessPolicy {
    let name = "openfga"
    let server: PolicyServer
    /// Absent: the store's newest model.
    let modelID: String?
    let token: Secret?

    /// - Parameter store: Names the server, too.
    init(_ store: Authorization.OpenFGA, client: HTTPClient, timeout: Duration) {
        server = PolicyServer(client: client, url: "\(store.url)/stores/\(store.storeID)/check", timeout: timeout)
        modelID = store.modelID
        token = store.token
    }

    func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
        switch await server.answer(to: Check(question, modelID: modelID), token: token?.revealed) {
        case .failure(let silence): return .undecided(silence.reason)
        case .success(let response):
            let body = Data(response.body.readableBytesView)
            guard response.head.status == .ok else {
                return .undecided("the OpenFGA server answered with the status \(response.head.status.code)\(Self.words(in: body))")
            }
            guard let allowed = try? JSONDecoder().decode(Answer.self, from: body).allowed else {
                return .undecided("the OpenFGA server's answer is none to a check")
            }
            return allowed ? .allowed("the OpenFGA server allows it") : .denied("the OpenFGA server does not allow it")
        }
    }

    private struct Answer: Decodable {
        let allowed: Bool
    }

    /// OpenFGA's errors.
    private struct Failure: Decodable {
        let code: String
        let message: String
    }

    private static func words(in body: Data) -> String {
        guard let failure = try? JSONDecoder().decode(Failure.self, from: body) else { return "" }
        return ": \(failure.code.prefix(64)), \(failure.message.prefix(256))"
    }
}

/// The body of OpenFGA's `Check`.
private struct Check: Encodable {
    struct Tuple: Encodable {
        let user: String
        let relation: String
        let object: String

        init(_ key: TupleKey) {
            user = key.user.description
            relation = key.relation
            object = key.object.description
        }
    }

    struct Tuples: Encodable {
        let tupleKeys: [Tuple]

        enum CodingKeys: String, CodingKey { case tupleKeys = "tuple_keys" }
    }

    let tupleKey: Tuple
    let contextualTuples: Tuples?
    let modelID: String?

    enum CodingKeys: String, CodingKey {
        case tupleKey = "tuple_key"
        case contextualTuples = "contextual_tuples"
        case modelID = "authorization_model_id"
    }

    init(_ question: AccessQuestion, modelID: String?) {
        tupleKey = Tuple(question.key)
        contextualTuples = question.contextualTuples.isEmpty ? nil : Tuples(tupleKeys: question.contextualTuples.map { Tuple($0.key) })
        self.modelID = modelID
    }
}
