import Synchronization
import Testing

@testable import GoldcrestSSH

@Suite("A limit of what runs at once")
struct ConcurrencyLimitTests {
    @Test("no more run at once than may, and all do in the end")
    func limit() async throws {
        let limit = ConcurrencyLimit(3)
        let tally = Tally()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await limit.run {
                        tally.begin()
                        try await Task.sleep(for: .milliseconds(1))
                        tally.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(tally.counts.most == 3)
        #expect(tally.counts.ended == 50)
    }

    @Test("one that fails makes room for the next")
    func failure() async throws {
        struct Failure: Error {}
        let limit = ConcurrencyLimit(1)
        await #expect(throws: Failure.self) { try await limit.run { throw Failure() } }
        let result = try await limit.run { 1 }
        #expect(result == 1)
    }
}

private final class Tally: Sendable {
    private let state = Mutex((running: 0, most: 0, ended: 0))

    var counts: (running: Int, most: Int, ended: Int) { state.withLock { $0 } }

    func begin() {
        state.withLock {
            $0.running += 1
            $0.most = max($0.most, $0.running)
        }
    }

    func end() {
        state.withLock {
            $0.running -= 1
            $0.ended += 1
        }
    }
}
