import FoundationEssentials
import GoldcrestCryptography
import GoldcrestProtocol
import ReBAC
import Synchronization

/// Remembers for a short time what another policy has allowed. A no is always asked for anew, so that nobody waits for a permission just given.
final class CachedPolicy: AccessPolicy {
    private let base: any AccessPolicy
    private let lifetime: Duration
    /// Whether the answer may depend on the token beyond what the question tells.
    private let asksByToken: Bool
    private let now: @Sendable () -> ContinuousClock.Instant
    private let start: ContinuousClock.Instant
    private let remembered: Mutex<RecentlyUsedCache<[UInt8], Remembered>>

    private struct Remembered {
        let answer: AccessAnswer
        let end: ContinuousClock.Instant
    }

    /// - Parameter capacity: How many answers are remembered at most.
    init(
        _ base: any AccessPolicy, lifetime: Duration, asksByToken: Bool, capacity: Int = 8192,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.base = base
        self.lifetime = lifetime
        self.asksByToken = asksByToken
        self.now = now
        start = now()
        remembered = Mutex(RecentlyUsedCache(capacity: capacity, lifetime: lifetime / .seconds(1), now: Date(timeIntervalSinceReferenceDate: 0)))
    }

    var name: String { base.name }

    func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
        let key = key(of: question, principal)
        let asked = now()
        let known = remembered.withLock { $0.value(for: key, now: date) }
        if let known, asked < known.end { return known.answer }
        let answer = await base.answer(question, from: principal)
        guard answer.verdict == .allowed else { return answer }
        // The answer may be as old as the question. A token that ends takes its answers with it.
        let end = asked + min(lifetime, .seconds(principal.expiry.timeIntervalSinceNow))
        var remembered = answer
        remembered.isCached = true
        self.remembered.withLock { $0.insert(Remembered(answer: remembered, end: end), for: key, now: date) }
        return answer
    }

    /// Everything that the answer depends on. References have no blanks, nor do tokens; the digest makes all of them equally small.
    private func key(of question: AccessQuestion, _ principal: Principal) -> [UInt8] {
        var text = question.key.description
        for tuple in question.contextualTuples { text += " \(tuple.key)" }
        if asksByToken { text += "\n\(principal.token)" }
        return SHA256.digest(of: text.utf8)
    }

    /// The cache counts in dates; this one goes on when the wall clock is set.
    private var date: Date {
        Date(timeIntervalSinceReferenceDate: start.duration(to: now()) / .seconds(1))
    }
}
