import FoundationEssentials
import GoldcrestProtocol
import Synchronization

/// The buckets that are known to be there, with their lifecycle.
final class PreparedBuckets: Sendable {
    private let buckets: Mutex<RecentlyUsedCache<BucketName, Bool>>

    init() {
        buckets = Mutex(RecentlyUsedCache(capacity: 20_000, lifetime: 86_400, now: Date()))
    }

    func contains(_ bucket: BucketName) -> Bool {
        buckets.withLock { $0.value(for: bucket, now: Date()) ?? false }
    }

    func insert(_ bucket: BucketName) {
        buckets.withLock { $0.insert(true, for: bucket, now: Date()) }
    }

    func forget(_ bucket: BucketName) {
        buckets.withLock { $0.removeValue(for: bucket) }
    }
}
