import Foundation
import GoldcrestProtocol
import Testing

@Suite struct RecentlyUsedCacheTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test("it never holds more than its capacity, and keeps what is used")
    func capacity() {
        var cache = RecentlyUsedCache<Int, Int>(capacity: 10, lifetime: 60, now: start)
        cache.insert(-1, for: -1, now: start)
        for number in 0..<1000 {
            cache.insert(number, for: number, now: start)
            #expect(cache.count <= 10)
            #expect(cache.value(for: -1, now: start) == -1)
        }
        #expect(cache.value(for: 999, now: start) == 999)
        #expect(cache.value(for: 500, now: start) == nil)
    }

    @Test("entries that nobody uses go with time")
    func age() {
        var cache = RecentlyUsedCache<Int, Int>(capacity: 10, lifetime: 60, now: start)
        cache.insert(1, for: 1, now: start)
        cache.insert(2, for: 2, now: start)
        #expect(cache.value(for: 1, now: start + 61) == 1)
        #expect(cache.value(for: 1, now: start + 122) == 1)
        #expect(cache.value(for: 2, now: start + 123) == nil)
        #expect(cache.count == 1)
        #expect(cache.value(for: 1, now: start + 1000) == nil)
        #expect(cache.count == 0)
    }

    @Test("a removed entry is gone from both generations")
    func removal() {
        var cache = RecentlyUsedCache<Int, Int>(capacity: 4, lifetime: 60, now: start)
        for number in 0..<4 { cache.insert(number, for: number, now: start) }
        for number in 0..<4 {
            cache.removeValue(for: number)
            #expect(cache.value(for: number, now: start) == nil)
        }
    }
}
