import Synchronization
import Testing

@testable import ComputeService

@Suite("Reads shared by those who read the same at the same time", .timeLimit(.minutes(1)))
struct SharedReadsTests {
    private let reads = SharedReads<String, Int, Int>(restShare: 0)
    private let source = Source()

    /// Waits until so many readers are waiting for readings of the key.
    private func wait(for count: Int, of key: String = "key") async throws {
        while await reads.readerCount(of: key) != count { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func reader(of item: Int = 0, key: String = "key") -> Task<Int, any Error> {
        Task { try await reads.answer(about: item, of: key) { try await source.read($0) } }
    }

    @Test("who comes while nothing is read gets a reading at once")
    func alone() async throws {
        source.open()
        #expect(try await reader().value == 1)
        #expect(try await reader().value == 2)
    }

    @Test("who comes during a reading shares the next with all others who did")
    func sharing() async throws {
        let first = reader()
        try await source.waitForReading(1)
        let others = (0..<20).map { _ in reader() }
        try await wait(for: 21)
        source.open()
        #expect(try await first.value == 1)
        for other in others { #expect(try await other.value == 2) }
        #expect(source.readings.count == 2)
    }

    @Test("a reading is about the items of all who share it")
    func items() async throws {
        let first = reader(of: 7)
        try await source.waitForReading(1)
        let others = [1, 2, 2, 3].map { reader(of: $0) }
        try await wait(for: 5)
        source.open()
        for reader in [first] + others { _ = try await reader.value }
        #expect(source.readings == [[7], [1, 2, 3]])
    }

    @Test("different keys do not wait for each other")
    func keys() async throws {
        let one = reader(key: "one")
        try await source.waitForReading(1)
        let other = reader(key: "other")
        try await source.waitForReading(2)
        source.open()
        _ = try await (one.value, other.value)
    }

    @Test("an error is the answer of all who share the reading, and of nobody else")
    func errors() async throws {
        struct Refusal: Error {}
        let first = reader()
        try await source.waitForReading(1)
        let failing = (0..<3).map { _ in Task { try await reads.answer(about: 0, of: "key") { _ in throw Refusal() } } }
        try await wait(for: 4)
        source.open()
        #expect(try await first.value == 1)
        for task in failing { await #expect(throws: Refusal.self) { try await task.value } }
        #expect(try await reader().value == 2)
    }

    @Test("a reader who is cancelled leaves at once and disturbs nobody")
    func cancellation() async throws {
        let first = reader()
        try await source.waitForReading(1)
        let (leaving, staying) = (reader(), reader())
        try await wait(for: 3)
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        source.open()
        #expect(try await first.value == 1)
        #expect(try await staying.value == 2)
    }

    @Test("a reading that all have left is cancelled, and the next one runs")
    func abandonment() async throws {
        let first = reader()
        try await source.waitForReading(1)
        let second = reader()
        try await wait(for: 2)
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        try await source.waitForReading(2)
        #expect(source.cancelled == 1)
        source.open()
        #expect(try await second.value == 2)
        #expect(await reads.readerCount(of: "key") == 0)
    }

    @Test("a waiting reading that all have left never runs")
    func abandonedBeforehand() async throws {
        let first = reader()
        try await source.waitForReading(1)
        let second = reader()
        try await wait(for: 2)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        source.open()
        #expect(try await first.value == 1)
        #expect(try await reader().value == 2)
    }

    @Test("those who shared a reading share the next one as well, though they come one after another")
    func crowd() async throws {
        // They are waited for as long as it takes.
        let reads = SharedReads<String, Int, Int>(restShare: 1_000_000, longestRest: .seconds(3600))
        try await readTwice(reads, readers: 5)
        #expect(source.readings.count == 3)
        #expect(await reads.readerCount(of: "key") == 0)
    }

    @Test("nobody waits for long for those who do not come again")
    func noCrowd() async throws {
        let reads = SharedReads<String, Int, Int>(restShare: 0.1)
        try await readTwice(reads, readers: 5)
        #expect(try await reads.answer(about: 0, of: "key") { try await source.read($0) } >= 4)
    }

    /// One reading of one reader, then one of several, who come again one after another.
    private func readTwice(_ reads: SharedReads<String, Int, Int>, readers: Int) async throws {
        let source = source
        let first = Task { try await reads.answer(about: 0, of: "key") { try await source.read($0) } }
        try await source.waitForReading(1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for item in 0..<readers {
                group.addTask {
                    _ = try await reads.answer(about: item, of: "key") { try await source.read($0) }
                    try await Task.sleep(for: .milliseconds(item))
                    _ = try await reads.answer(about: item, of: "key") { try await source.read($0) }
                }
            }
            while await reads.readerCount(of: "key") != readers + 1 { try await Task.sleep(for: .milliseconds(1)) }
            source.open()
            try await group.waitForAll()
        }
        _ = try await first.value
    }

    @Test("no answer is older than its question, whoever comes and goes")
    func linearizability() async throws {
        let (clock, running, readings) = (Count(), Count(), Count())
        let reads = SharedReads<Int, Int, Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<100 {
                group.addTask {
                    for round in 0..<50 {
                        let task = Task {
                            let asked = clock.add(1)
                            let answer = try await reads.answer(about: reader, of: 0) { _ in
                                #expect(running.add(1) == 1, "one reading at a time")
                                defer { running.add(-1) }
                                readings.add(1)
                                let now = clock.value
                                await Task.yield()
                                return now
                            }
                            #expect(answer >= asked)
                        }
                        if (reader + round) % 7 == 0 { task.cancel() }
                        do {
                            try await task.value
                        } catch is CancellationError {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(readings.value < 5000)
        #expect(await reads.readerCount(of: 0) == 0)
    }
}

private final class Count: Sendable {
    private let atomic = Atomic<Int>(0)

    var value: Int { atomic.load(ordering: .sequentiallyConsistent) }

    @discardableResult
    func add(_ difference: Int) -> Int { atomic.add(difference, ordering: .sequentiallyConsistent).newValue }
}

/// Something that is read: a reading begins at once and ends when the source is open.
private final class Source: Sendable {
    private struct State {
        var readings: [Set<Int>] = []
        var cancelled = 0
        var isOpen = false
    }

    private let state = Mutex(State())

    var readings: [Set<Int>] { state.withLock { $0.readings } }
    var cancelled: Int { state.withLock { $0.cancelled } }

    func open() {
        state.withLock { $0.isOpen = true }
    }

    /// - Returns: The number of this reading, from 1.
    func read(_ items: Set<Int>) async throws -> Int {
        let number = state.withLock { state in
            state.readings.append(items)
            return state.readings.count
        }
        do {
            while !state.withLock({ $0.isOpen }) { try await Task.sleep(for: .milliseconds(1)) }
        } catch {
            state.withLock { $0.cancelled += 1 }
            throw error
        }
        return number
    }

    func waitForReading(_ number: Int) async throws {
        while readings.count < number { try await Task.sleep(for: .milliseconds(1)) }
    }
}
