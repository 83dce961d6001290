import FoundationEssentials
import GoldcrestProtocol
import GoldcrestServiceKit
import Hummingbird

/// The answer to `/status/liveness`, which needs no token: when each system was checked last.
struct LivenessPage: Encodable {
    static let pattern = "/status/liveness"

    let healthcheckRuns: [String: String]
    /// Seconds since the oldest of these checks.
    let lastUpdate: Int

    init(health: HealthSnapshot, now: Date = Date()) {
        let checks = health.systems.compactMapValues(\.lastChecked)
        healthcheckRuns = checks.mapValues(UTCTimestamp.text(of:))
        lastUpdate = checks.values.min().map { Int(now.timeIntervalSince($0)) } ?? 0
    }

    func response() throws -> Response {
        try .json(self)
    }
}
