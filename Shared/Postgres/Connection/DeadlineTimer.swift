import Dispatch

/// Calls a function at an instant unless it is cancelled or let go before.
final class DeadlineTimer {
    private let source: any DispatchSourceTimer

    init(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) {
        let rest = max(.zero, ContinuousClock.now.duration(to: deadline))
        let (seconds, attoseconds) = rest.components
        source = DispatchSource.makeTimerSource()
        // Bounded, since a dispatch time counts nanoseconds.
        let nanoseconds = min(seconds, 1_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
        source.setEventHandler(handler: action)
        source.schedule(deadline: .now() + .nanoseconds(Int(nanoseconds)))
        source.activate()
    }

    deinit {
        source.cancel()
    }
}
