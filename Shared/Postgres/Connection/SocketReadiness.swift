import Dispatch

/// How a wait for a socket ended.
enum SocketReadiness: Sendable {
    case ready
    case deadlinePassed
    case cancelled

    /// What to wait for.
    struct Interest: OptionSet {
        let rawValue: Int

        static let reading = Interest(rawValue: 1)
        static let writing = Interest(rawValue: 2)
    }

    /// Waits until the socket can be read from or written to.
    ///
    /// Each wait has sources of its own and ends only when these have let go of the descriptor. So libpq may close it or go on to another one
    /// (as it does while it tries one address after another) before the next wait, and none of the dispatch library's records is left behind.
    ///
    /// - Parameter heedsCancellation: False for clean-up that has to happen in a cancelled task too.
    static func wait(
        for interest: Interest, of descriptor: Int32, until deadline: ContinuousClock.Instant, heedsCancellation: Bool, on queue: DispatchQueue,
        isolation: isolated (any Actor)? = #isolation
    ) async -> SocketReadiness {
        let outcome = OneShot<SocketReadiness>()
        var sources: [(source: any DispatchSourceProtocol, isReleased: OneShot<Void>)] = []
        if interest.contains(.reading) {
            sources.append((DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue), OneShot()))
        }
        if interest.contains(.writing) {
            sources.append((DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue), OneShot()))
        }
        for (source, isReleased) in sources {
            source.setEventHandler { outcome.settle(.ready) }
            source.setCancelHandler { isReleased.settle(()) }
            source.activate()
        }
        let timer = DeadlineTimer(at: deadline) { outcome.settle(.deadlinePassed) }

        let result: SocketReadiness
        if heedsCancellation {
            result = await withTaskCancellationHandler {
                await outcome.value()
            } onCancel: {
                outcome.settle(.cancelled)
            }
        } else {
            result = await outcome.value()
        }

        withExtendedLifetime(timer) {}
        for (source, _) in sources { source.cancel() }
        for (_, isReleased) in sources { await isReleased.value() }
        return result
    }
}
