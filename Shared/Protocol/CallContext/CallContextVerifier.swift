public import FoundationEssentials
public import GoldcrestCryptography
import Synchronization

/// Checks the call contexts that a service receives. What it found good it remembers until it ends, so most calls cost no signature check.
public final class CallContextVerifier: Sendable {
    /// How far the clocks of two machines may differ, in seconds.
    public static let clockSkew: TimeInterval = 5

    private let keys: [CallIssuer: VerificationKey]
    private let now: @Sendable () -> Date
    private let verified: Mutex<RecentlyUsedCache<String, CallContext>>

    /// - Parameters:
    ///   - keys: The public keys of the issuers that may call this service at all.
    ///   - capacity: How many contexts are remembered at most.
    ///   - now: The clock.
    public init(keys: [CallIssuer: VerificationKey], capacity: Int = 8192, now: @escaping @Sendable () -> Date = { Date() }) {
        self.keys = keys
        self.now = now
        verified = Mutex(RecentlyUsedCache(capacity: capacity, lifetime: CallContext.maximumLifetime, now: now()))
    }

    /// A verifier with the public keys of a key folder.
    ///
    /// - Throws: ``CallContextKeyError`` when there is none, or one is unusable.
    public convenience init(keys folder: String) throws {
        self.init(keys: try CallContextKeys(folder: folder).verificationKeys())
    }

    /// The context of a call, if it can be believed.
    ///
    /// - Parameters:
    ///   - headerValue: The value of ``CallContext/headerName``; nil if the header is missing.
    ///   - issuers: Who may make this call.
    public func context(
        from headerValue: String?, accepting issuers: Set<CallIssuer>
    ) throws(CallContextError) -> CallContext {
        guard let headerValue else {
            throw CallContextError(.missing, "The header \(CallContext.headerName) is missing: this service is called by other services only")
        }
        let now = now()
        let context: CallContext
        if let known = verified.withLock({ $0.value(for: headerValue, now: now) }) {
            try checkTime(of: known, now: now)
            context = known
        } else {
            context = try verify(headerValue, now: now)
            verified.withLock { $0.insert(context, for: headerValue, now: now) }
        }
        guard issuers.contains(context.issuer) else {
            throw CallContextError(.issuerNotAccepted, "The issuer \(context.issuer.rawValue) may not make this call")
        }
        return context
    }

    private func verify(_ headerValue: String, now: Date) throws(CallContextError) -> CallContext {
        guard let token = try? CompactJWS(parsing: headerValue) else {
            throw CallContextError(.malformed, "The call context is not a compact JWS")
        }
        guard let issuer = token.header.keyID.flatMap(CallIssuer.init(rawValue:)), let key = keys[issuer] else {
            throw CallContextError(.unknownIssuer, "No public key of the call context's issuer is in this service's key folder")
        }
        guard token.isSigned(by: key) else {
            throw CallContextError(
                .wrongSignature, "The call context is not signed with the key of \(issuer.rawValue) that is in this service's key folder")
        }
        guard let context = try? JSONDecoder().decode(CallContext.self, from: Data(token.payload)), context.issuer == issuer else {
            throw CallContextError(.malformed, "The call context's payload is not what \(issuer.rawValue) signs")
        }
        try checkTime(of: context, now: now)
        return context
    }

    private func checkTime(of context: CallContext, now: Date) throws(CallContextError) {
        let remaining = context.expiry.timeIntervalSince(now)
        guard remaining > 0 else { throw CallContextError(.expired, "The call context has expired: compare the machines' clocks") }
        guard remaining <= CallContext.maximumLifetime + Self.clockSkew else {
            throw CallContextError(
                .lifetimeTooLong,
                "The call context ends more than \(Int(CallContext.maximumLifetime)) seconds from now: compare the machines' clocks")
        }
    }
}
