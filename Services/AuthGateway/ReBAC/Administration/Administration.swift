import GoldcrestConfiguration
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ReBAC

/// OpenFGA's HTTP API for the gateway's stores, so that OpenFGA's SDKs and command line manage them.
///
/// Paths, bodies and error codes are those of `openfga/api` (`openfga_service.proto`).
struct Administration: Sendable {
    /// The longest body, in bytes; as OpenFGA takes it (`DefaultMaxRPCMessageSizeInBytes`).
    static let maximumBodyLength = 616_448

    let store: RelationshipStore
    let replica: RelationshipReplica
    let evaluations = EvaluationQueue()

    /// - Parameter token: What every request must carry, but for `/healthz`.
    func router(token: Secret) -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self)
        router.add(middleware: RequestIdentityMiddleware())
        router.add(middleware: RequestMetricsMiddleware())
        router.add(middleware: AdministrationLog())
        router.get("healthz") { _, _ in try health() }
        router.add(middleware: AdminToken(token))
        addStoreRoutes(to: router.group("stores"))
        let inStore = router.group("stores/:store")
        addModelRoutes(to: inStore.group("authorization-models"))
        addAssertionRoutes(to: inStore.group("assertions/:model"))
        addTupleRoutes(to: inStore)
        addQuestionRoutes(to: inStore)
        return router
    }

    private func health() throws -> Response {
        if let problem = replica.problem { throw OpenFGAError(.unavailable, problem) }
        return Response(["status": "SERVING"])
    }
}

extension APIRequestContext {
    /// The store that the path names.
    ///
    /// - Parameter message: The request's message, which an error names.
    func store(for message: String) throws(OpenFGAError) -> String { try identifier("store", of: message, "StoreId") }

    /// The model that the path names.
    func model(for message: String, _ field: String) throws(OpenFGAError) -> String { try identifier("model", of: message, field) }

    private func identifier(_ parameter: String, of message: String, _ field: String) throws(OpenFGAError) -> String {
        let text = parameters.get(parameter) ?? ""
        guard TextRule.identifier.matches(text) else { throw .invalid(message, field, TextRule.identifier.reason) }
        return text
    }
}

extension Request {
    /// The body as JSON, whatever its content type says. No body at all is an empty object, as for OpenFGA.
    func message() async throws -> ReBAC.JSONValue {
        let bytes = Array(try await bodyBytes(upTo: Administration.maximumBodyLength).readableBytesView)
        if bytes.isEmpty { return [:] }
        do {
            return try JSONReader.value(of: bytes)
        } catch {
            throw OpenFGAError(.validationError, "malformed JSON: the text \(error.message), at byte \(error.offset)")
        }
    }

    /// `page_size` and `continuation_token` of the query.
    func page(for message: String) throws -> PageRequest {
        let query = try QueryFields(of: self)
        var size: Int?
        if let text = query.text("page_size"), !text.isEmpty {
            guard let number = Int32(text) else { throw OpenFGAError(.validationError, "invalid value for int32 field page_size") }
            size = Int(number)
        }
        return try PageRequest(message: message, size: size, token: query.text("continuation_token") ?? "")
    }
}
