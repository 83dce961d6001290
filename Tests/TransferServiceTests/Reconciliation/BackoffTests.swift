import Testing

@testable import TransferService

@Suite("Waiting after failures")
struct BackoffTests {
    @Test("waits grow with every failure in a row, up to half a minute")
    func growth() {
        var backoff = Backoff()
        let waits = (0..<10).map { _ in backoff.afterFailure() }
        for (wait, longest) in zip(waits, [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]) {
            #expect(wait <= .seconds(longest) && wait >= .seconds(longest) * 0.75)
        }
        backoff.reset()
        #expect(backoff.afterFailure() <= .seconds(1))
    }

    @Test("replicas that failed together do not come back together")
    func jitter() {
        let waits = Set((0..<20).map { _ in
            var backoff = Backoff()
            return backoff.afterFailure()
        })
        #expect(waits.count > 10)
    }
}
