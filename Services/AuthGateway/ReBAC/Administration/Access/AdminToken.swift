import GoldcrestConfiguration
import GoldcrestCryptography
import GoldcrestServiceKit
import HTTPTypes
import Hummingbird

/// Lets only those in who know the administration API's token.
struct AdminToken: RouterMiddleware {
    /// Digests are compared, so that neither the time nor the length of what is sent says anything of the token.
    private let digest: [UInt8]

    init(_ token: Secret) {
        digest = SHA256.digest(of: Array(token.revealed.utf8))
    }

    func handle(
        _ request: Request, context: APIRequestContext, next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        try check(request.headers)
        return try await next(request, context)
    }

    private func check(_ headerFields: HTTPFields) throws(OpenFGAError) {
        let token: String
        do {
            token = try BearerCredentials.token(in: headerFields)
        } catch {
            throw OpenFGAError(.bearerTokenMissing, "missing bearer token")
        }
        guard constantTimeEquals(SHA256.digest(of: Array(token.utf8)), digest) else {
            throw OpenFGAError(.unauthenticated, "unauthenticated")
        }
    }
}
