import Testing

@testable import TransferService

@Suite("Sleeping until a time or a call")
struct WakeupTests {
    private func duration(_ body: () async -> Void) async -> Duration {
        let start = ContinuousClock.now
        await body()
        return ContinuousClock.now - start
    }

    @Test("a call ends the sleep, whether it comes before or during it", arguments: [true, false])
    func call(isBefore: Bool) async {
        let wakeup = Wakeup()
        if isBefore { wakeup.call() }
        let slept = await duration {
            async let sleep: Void = wakeup.sleep(atMost: .seconds(30))
            if !isBefore {
                try? await Task.sleep(for: .milliseconds(20))
                wakeup.call()
            }
            await sleep
        }
        #expect(slept < .seconds(10))
    }

    @Test("calls before a sleep count once")
    func callsCountOnce() async {
        let wakeup = Wakeup()
        for _ in 0..<3 { wakeup.call() }
        await wakeup.sleep(atMost: .seconds(30))
        let slept = await duration { await wakeup.sleep(atMost: .milliseconds(100)) }
        #expect(slept >= .milliseconds(100))
    }

    @Test("the end of the task ends the sleep, and takes no later call")
    func cancellation() async {
        let wakeup = Wakeup()
        let sleeper = Task { await wakeup.sleep(atMost: .seconds(30)) }
        sleeper.cancel()
        let slept = await duration { await sleeper.value }
        #expect(slept < .seconds(10))
        wakeup.call()
        let next = await duration { await wakeup.sleep(atMost: .seconds(30)) }
        #expect(next < .seconds(10))
    }

    @Test("no call is lost among many sleeps and calls")
    func many() async {
        let wakeup = Wakeup()
        let (calls, continuation) = AsyncStream<Void>.makeStream()
        async let caller: Void = {
            for await _ in calls { wakeup.call() }
        }()
        let slept = await duration {
            for _ in 0..<1000 {
                continuation.yield()
                await wakeup.sleep(atMost: .seconds(30))
            }
        }
        continuation.finish()
        await caller
        #expect(slept < .seconds(25))
    }
}
