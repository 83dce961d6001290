@testable import AuthGateway
import Synchronization
import Testing

@Suite("The cache of decisions")
struct CachedPolicyTests {
    /// Answers as it is told at the time, and counts.
    private final class Oracle: AccessPolicy {
        let name = "oracle"
        private let state = Mutex((answer: AccessAnswer.allowed("yes"), count: 0))

        var count: Int { state.withLock(\.count) }
        func say(_ answer: AccessAnswer) { state.withLock { $0.answer = answer } }

        func answer(_ question: AccessQuestion, from principal: Principal) async -> AccessAnswer {
            state.withLock { state in
                state.count += 1
                return state.answer
            }
        }
    }

    /// A clock that a test moves.
    private final class Clock: Sendable {
        private let time = Mutex(ContinuousClock.now)
        func now() -> ContinuousClock.Instant { time.withLock { $0 } }
        func advance(by duration: Duration) { time.withLock { $0 += duration } }
    }

    private let oracle = Oracle()
    private let clock = Clock()

    private func cache(seconds: Double = 5, asksByToken: Bool = false, capacity: Int = 100) -> CachedPolicy {
        CachedPolicy(oracle, lifetime: .seconds(seconds), asksByToken: asksByToken, capacity: capacity, now: clock.now)
    }

    @Test("answers the same question by itself until the time is over, counted from when it was asked")
    func lifetime() async {
        let cache = cache()
        #expect(await cache.answer(.test(), from: .test()) == .allowed("yes"))
        oracle.say(.denied("no"))
        for _ in 0..<4 {
            clock.advance(by: .milliseconds(1200))
            let answer = await cache.answer(.test(), from: .test())
            #expect(answer.verdict == .allowed)
            #expect(answer.isCached)
        }
        #expect(oracle.count == 1)
        clock.advance(by: .milliseconds(200))
        #expect(await cache.answer(.test(), from: .test()) == .denied("no"))
    }

    @Test("never remembers a no or no answer", arguments: [AccessAnswer.denied("no"), .undecided("?")])
    func onlyYes(answer: AccessAnswer) async {
        let cache = cache()
        oracle.say(answer)
        for _ in 0..<3 { #expect(await cache.answer(.test(), from: .test()) == answer) }
        #expect(oracle.count == 3)
        oracle.say(.allowed("yes"))
        #expect(await cache.answer(.test(), from: .test()).verdict == .allowed)
    }

    @Test("takes no question for another")
    func keys() async {
        let cache = cache()
        let questions: [AccessQuestion] = [
            .test(), .test("bob"), .test(of: "eiger"), .test(groups: ["a"]), .test(groups: ["a", "b"]), .test(groups: ["b"]),
        ]
        for question in questions { #expect(await !cache.answer(question, from: .test()).isCached) }
        for question in questions { #expect(await cache.answer(question, from: .test()).isCached) }
        #expect(oracle.count == questions.count)
    }

    @Test("takes another token for another question where the answer may depend on it, and only there")
    func tokens() async {
        let byToken = cache(asksByToken: true)
        #expect(await !byToken.answer(.test(), from: .test(token: "one")).isCached)
        #expect(await !byToken.answer(.test(), from: .test(token: "two")).isCached)
        #expect(await byToken.answer(.test(), from: .test(token: "one")).isCached)
        let byUser = cache()
        #expect(await !byUser.answer(.test(), from: .test(token: "one")).isCached)
        #expect(await byUser.answer(.test(), from: .test(token: "two")).isCached)
    }

    @Test("forgets with the token's own end")
    func tokenEnd() async {
        let cache = cache(seconds: 10)
        #expect(await !cache.answer(.test(), from: .test(lifetime: 3)).isCached)
        #expect(await cache.answer(.test(), from: .test(lifetime: 3)).isCached)
        clock.advance(by: .seconds(3.1))
        #expect(await !cache.answer(.test(), from: .test()).isCached)
        #expect(await !cache.answer(.test("bob"), from: .test(lifetime: -1)).isCached)
        #expect(await !cache.answer(.test("bob"), from: .test(lifetime: -1)).isCached)
    }

    @Test("holds no more than it may")
    func capacity() async {
        let cache = cache(capacity: 10)
        for number in 0..<1000 { _ = await cache.answer(.test("u\(number)"), from: .test()) }
        var known = 0
        for number in 0..<1000 where await cache.answer(.test("u\(number)"), from: .test()).isCached { known += 1 }
        #expect(known <= 10)
        #expect(await cache.answer(.test("u999"), from: .test()).isCached)
    }
}
