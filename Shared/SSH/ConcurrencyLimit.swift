import DequeModule

/// At most so many bodies run at once; the others wait in order.
actor ConcurrencyLimit {
    private var free: Int
    private var waiting: Deque<CheckedContinuation<Void, Never>> = []

    init(_ maximum: Int) {
        free = max(1, maximum)
    }

    nonisolated func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        await enter()
        do {
            try Task.checkCancellation()
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    /// Not cancelled while waiting: what is waited for has a deadline, and the caller checks right after.
    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if let next = waiting.popFirst() {
            next.resume()
        } else {
            free += 1
        }
    }
}
