/// Lets looks at the database happen one after the other, and those who ask at the same time share one.
///
/// Who asks while a look is under way gets the next one, together with all who ask until that begins: so whoever has got one has seen everything
/// that was there when they asked.
actor LookQueue {
    private let look: @Sendable () async throws -> Void
    /// The last one that has begun.
    private var current: Task<Void, any Error>?
    /// The one that begins when the current one has ended.
    private var next: Task<Void, any Error>?

    init(look: @escaping @Sendable () async throws -> Void) {
        self.look = look
    }

    /// A look that begins after this call. It belongs to nobody, so that nobody who gives up waiting takes it from the others.
    func enqueue() -> Task<Void, any Error> {
        if let next { return next }
        let previous = current
        let task = Task {
            _ = await previous?.result
            begin()
            try await look()
        }
        next = task
        return task
    }

    private func begin() {
        current = next
        next = nil
    }
}

extension LookQueue {
    /// Waits for a look that begins after this call.
    ///
    /// - Returns: Whether it ended within the limit.
    /// - Throws: What the look throws; `CancellationError`.
    func wait(within limit: Duration) async throws -> Bool {
        let look = enqueue()
        let (results, continuation) = AsyncStream<Result<Void, any Error>>.makeStream()
        let waiting = Task {
            continuation.yield(await look.result)
            continuation.finish()
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            continuation.finish()
        }
        defer {
            waiting.cancel()
            timer.cancel()
        }
        for await result in results {
            try result.get()
            return true
        }
        try Task.checkCancellation()
        return false
    }
}
