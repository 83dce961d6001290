import FoundationEssentials
import GoldcrestCryptography
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import Synchronization

/// Finds out who sends a request. A token that was found good is remembered, so the next request with it costs no signature check.
final class TokenVerifier: Sendable {
    private let keys: KeyStore
    private let policy: TokenPolicy
    private let minimumLifetime: TimeInterval
    private let now: @Sendable () -> Date
    private let verified: Mutex<RecentlyUsedCache<String, Verified>>

    private struct Verified {
        let principal: Principal
        /// The version of the key store's content that verified the token.
        let keysVersion: Int
    }

    /// - Parameters:
    ///   - capacity: How many tokens are remembered at most.
    ///   - now: The clock.
    init(keys: KeyStore, policy: TokenPolicy, capacity: Int = 8192, now: @escaping @Sendable () -> Date = { Date() }) {
        self.keys = keys
        self.policy = policy
        minimumLifetime = policy.minimumLifetime / .seconds(1)
        self.now = now
        verified = Mutex(RecentlyUsedCache(capacity: capacity, lifetime: 300, now: now()))
    }

    /// The sender of a request with these headers.
    ///
    /// - Throws: ``APIError`` with the status 401 when there is no token that can be believed, or too little is left of its time, and with 400
    ///   when it names no user.
    func principal(for headerFields: HTTPFields) async throws(APIError) -> Principal {
        let token = try BearerCredentials.token(in: headerFields)
        if let principal = remembered(token) {
            try checkRemainingTime(until: principal.expiry)
            return principal
        }
        let (principal, keysVersion) = try await verify(token)
        verified.withLock {
            $0.insert(Verified(principal: principal, keysVersion: keysVersion), for: token, now: now())
        }
        return principal
    }

    /// A key that was withdrawn takes the tokens with it that it verified.
    private func remembered(_ token: String) -> Principal? {
        guard let known = verified.withLock({ $0.value(for: token, now: now()) }), known.keysVersion == keys.version else { return nil }
        return known.principal
    }

    private func verify(_ token: String) async throws(APIError) -> (Principal, keysVersion: Int) {
        let jws: CompactJWS
        do {
            jws = try CompactJWS(parsing: token)
        } catch let error as CryptographyError {
            throw .unauthenticated(error.message)
        } catch {
            throw .unauthenticated("The token cannot be read")
        }
        guard jws.header.algorithm.lowercased() != "none" else { throw .unauthenticated("The token is not signed") }
        // Read before the keys are: if they change meanwhile, the token is verified once more at its next use.
        let keysVersion = keys.version
        try await checkSignature(of: jws)

        let claims = try TokenClaims(parsing: jws.payload)
        let expiry = try claims.expiry()
        try checkRemainingTime(until: expiry)
        try claims.checkBeginning(now: now())
        if let audience = policy.audience { try claims.checkAudience(audience) }
        let username = try claims.username(claim: policy.usernameClaim)
        let principal = Principal(
            username: username, token: token, expiry: expiry, subject: policy.subject.subject(of: claims, username: username),
            scopes: claims.scopes, clientID: claims.clientID, issuer: claims.issuer)
        return (principal, keysVersion)
    }

    private func checkSignature(of token: CompactJWS) async throws(APIError) {
        let identity = KeyIdentity(of: token.header)
        var candidates = keys.keys(for: identity)
        if candidates.contains(where: token.isSigned(by:)) { return }
        // A key that is known and didn't sign the token needs no other look at the documents.
        if candidates.isEmpty || identity == .none {
            await keys.refreshForUnknownKey()
            candidates = keys.keys(for: identity)
            if candidates.contains(where: token.isSigned(by:)) { return }
        }
        guard keys.hasKeys else {
            throw .unauthenticated("The keys to verify tokens with could not be read yet; try again in a minute")
        }
        guard !candidates.isEmpty else { throw .unauthenticated("The token is signed with a key that this server doesn't know") }
        throw .unauthenticated("The token's signature is not valid")
    }

    private func checkRemainingTime(until expiry: Date) throws(APIError) {
        let remaining = expiry.timeIntervalSince(now())
        guard remaining > 0 else { throw .unauthenticated("The token has expired") }
        guard remaining >= minimumLifetime else {
            throw .unauthenticated(
                "The token expires in \(Int(remaining)) s, but this server wants at least \(Self.text(minimumLifetime)) s left: get a new token")
        }
    }

    private static func text(_ seconds: TimeInterval) -> String {
        seconds.rounded() == seconds ? "\(Int(seconds))" : "\(seconds)"
    }
}
