public import FoundationEssentials
public import GoldcrestCryptography
import Synchronization

/// Makes the call contexts of one issuer. What it signed it hands out again until it nears its end, so most calls cost no signature.
public final class CallContextSigner: Sendable {
    /// Contexts with less time left than this are not handed out again: the call must arrive before the end.
    static let minimumRemainingTime: TimeInterval = 30

    public let issuer: CallIssuer
    private let key: SigningKey
    private let now: @Sendable () -> Date
    private let signed: Mutex<RecentlyUsedCache<Subject, Signed>>

    private struct Subject: Hashable {
        let user: String
        let system: String
        let unhealthyServices: [UnhealthyService]
    }

    private struct Signed {
        let headerValue: String
        let expiry: Date
    }

    /// - Parameters:
    ///   - key: The issuer's private key.
    ///   - capacity: How many contexts are remembered at most.
    ///   - now: The clock.
    public init(issuer: CallIssuer, key: SigningKey, capacity: Int = 8192, now: @escaping @Sendable () -> Date = { Date() }) {
        self.issuer = issuer
        self.key = key
        self.now = now
        signed = Mutex(RecentlyUsedCache(capacity: capacity, lifetime: CallContext.maximumLifetime, now: now()))
    }

    /// A signer with the issuer's private key from a key folder.
    ///
    /// - Throws: ``CallContextKeyError`` when the key is missing, no Ed25519 key, or readable by others.
    public convenience init(issuer: CallIssuer, keys folder: String) throws {
        self.init(issuer: issuer, key: try CallContextKeys(folder: folder).signingKey(of: issuer))
    }

    /// The value of the header ``CallContext/headerName`` for a call, good for at least half a minute.
    ///
    /// - Parameter unhealthyServices: In a stable order: another order is another context.
    public func headerValue(user: String, system: String, unhealthyServices: [UnhealthyService] = []) throws -> String {
        let now = now()
        let subject = Subject(user: user, system: system, unhealthyServices: unhealthyServices)
        let known = signed.withLock { $0.value(for: subject, now: now) }
        if let known {
            let remaining = known.expiry.timeIntervalSince(now)
            if remaining >= Self.minimumRemainingTime && remaining <= CallContext.maximumLifetime { return known.headerValue }
        }
        // Two calls at once may both sign; both contexts are good.
        let fresh = try sign(subject, now: now)
        signed.withLock { $0.insert(fresh, for: subject, now: now) }
        return fresh.headerValue
    }

    private func sign(_ subject: Subject, now: Date) throws -> Signed {
        let end = (now.timeIntervalSince1970 + CallContext.maximumLifetime).rounded(.down)
        let context = CallContext(
            issuer: issuer, user: subject.user, system: subject.system, unhealthyServices: subject.unhealthyServices,
            expiry: Date(timeIntervalSince1970: end))
        let payload = Array(try JSONEncoder().encode(context))
        let headerValue = try CompactJWS.sign(payload: payload, with: key, keyID: issuer.rawValue, type: "goldcrest-context")
        return Signed(headerValue: headerValue, expiry: context.expiry)
    }
}
