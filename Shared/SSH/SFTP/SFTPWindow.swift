import NIOCore

/// How many bytes of a file are under way at once: enough to keep the line busy, few enough that nobody's request waits long behind them.
struct SFTPWindow {
    static let maximum = 1024 * 1024
    /// What all transfers over one channel have together, as long as that leaves each of them the least.
    static let shared = 8 * 1024 * 1024
    static let minimum = 64 * 1024
    /// Up to this time between a request and its reply more requests are no burden.
    static let quick = TimeAmount.milliseconds(250)
    /// From this time on fewer are better.
    static let slow = TimeAmount.seconds(1)

    private var wanted = 512 * 1024

    /// - Parameter transfers: How many transfers the channel has.
    func size(among transfers: Int) -> Int {
        min(wanted, max(Self.minimum, Self.shared / max(1, transfers)))
    }

    /// A reply had to be waited for: whoever waits is faster than the line.
    mutating func waited(since request: NIODeadline, until now: NIODeadline) {
        switch now - request {
        case ..<Self.quick: wanted = min(wanted * 2, Self.maximum)
        case Self.slow...: wanted = max(wanted / 2, Self.minimum)
        default: break
        }
    }
}
