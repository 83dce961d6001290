package import FoundationEssentials

/// A dictionary that forgets: of many entries it keeps those used last, and entries that nobody uses for a while go by themselves.
///
/// The entries are in two generations. Those that are written or read are in the young one; when that is half of the capacity or old enough,
/// it becomes the old generation and the former old one is dropped. So nothing is ever searched for eviction, and every operation is O(1).
package struct RecentlyUsedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private var youngSince: Date
    private let generationCapacity: Int
    private let generationLifetime: TimeInterval

    /// - Parameters:
    ///   - capacity: How many entries are kept at most.
    ///   - lifetime: Entries unused for twice this time, in seconds, are dropped at the next use of the cache.
    ///   - now: The present time.
    package init(capacity: Int, lifetime: TimeInterval, now: Date) {
        generationCapacity = max(1, capacity / 2)
        generationLifetime = lifetime
        youngSince = now
    }

    /// How many entries there are; one that is in both generations counts twice.
    package var count: Int { young.count + old.count }

    package mutating func value(for key: Key, now: Date) -> Value? {
        beginGeneration(now: now, isForced: false)
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key, now: now)
        return value
    }

    package mutating func insert(_ value: Value, for key: Key, now: Date) {
        beginGeneration(now: now, isForced: young.count >= generationCapacity)
        young[key] = value
    }

    package mutating func removeValue(for key: Key) {
        young[key] = nil
        old[key] = nil
    }

    package mutating func removeAll() {
        young = [:]
        old = [:]
    }

    private mutating func beginGeneration(now: Date, isForced: Bool) {
        let age = now.timeIntervalSince(youngSince)
        // A clock that was set back must not keep a generation for ever.
        guard isForced || age >= generationLifetime || age < 0 else { return }
        old = age >= 2 * generationLifetime ? [:] : young
        young = [:]
        youngSince = now
    }
}
