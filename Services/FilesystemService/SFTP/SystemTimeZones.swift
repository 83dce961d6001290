import Foundation
import GoldcrestProtocol
import GoldcrestSSH
import Logging
import Synchronization

/// In which time zone a system is: what its configuration says, else what its link `/etc/localtime` names.
///
/// What the system says is remembered for each user apart: a user may have made the login shell start something else as SFTP server, and what that
/// says must not reach others.
final class SystemTimeZones: Sendable {
    private let configured: TimeZone?
    private let found = Mutex(RecentlyUsedCache<String, Finding>(capacity: 10_000, lifetime: lifetime, now: Date()))

    private struct Finding: Sendable {
        var zone: TimeZone
        var since: Date
    }

    private static let lifetime: TimeInterval = 3600
    private static let link = Array("/etc/localtime".utf8)

    /// - Parameter name: The configured zone; one that is not known here is as good as none, but for a line in the log.
    init(configured name: String?, of system: String, logger: Logger) {
        configured = name.flatMap { TimeZone(identifier: $0) }
        if let name, configured == nil {
            logger.warning("The configured time zone is not known", metadata: ["system": "\(system)", "timezone": "\(name)"])
        }
    }

    /// - Returns: Nil if the system does not tell, or names a zone that is not known here.
    func zone(as user: SSHUser, asking session: SFTPSession) async throws -> TimeZone? {
        if let configured { return configured }
        if let zone = remembered(by: user.name) { return zone }
        guard let zone = try await Self.ask(session) else { return nil }
        let now = Date()
        found.withLock { $0.insert(Finding(zone: zone, since: now), for: user.name, now: now) }
        return zone
    }

    private func remembered(by user: String) -> TimeZone? {
        let now = Date()
        guard let finding = found.withLock({ $0.value(for: user, now: now) }) else { return nil }
        return abs(now.timeIntervalSince(finding.since)) < Self.lifetime ? finding.zone : nil
    }

    private static func ask(_ session: SFTPSession) async throws -> TimeZone? {
        do {
            return zone(behind: try await session.readLink(link))
        } catch let failure as SFTPFailure {
            // Without that file it is UTC to the C library: tzset(3). A file that is no link does not tell its name.
            return failure.code == .noSuchFile ? .gmt : nil
        }
    }

    /// The zone that a link target such as `../usr/share/zoneinfo/Europe/Zurich` names.
    static func zone(behind target: [UInt8]) -> TimeZone? {
        let components = String(decoding: target, as: UTF8.self).split(separator: "/")
        guard let folder = components.lastIndex(of: "zoneinfo") else { return nil }
        // The same zones are there once more in `posix`; those in `right` count leap seconds, which nothing here does.
        let name = components[(folder + 1)...].drop { $0 == "posix" }.joined(separator: "/")
        return TimeZone(identifier: name)
    }
}
