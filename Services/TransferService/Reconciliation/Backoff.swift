/// How long to wait after failures in a row: twice as long after each, up to a limit, and up to a quarter less, so that replicas do not come together.
struct Backoff: Sendable {
    private static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(30)

    private var next = Self.first

    /// The wait after one more failure.
    mutating func afterFailure() -> Duration {
        let wait = next
        next = min(next * 2, Self.longest)
        return wait * Double.random(in: 0.75...1)
    }

    mutating func reset() {
        next = Self.first
    }
}
