import FoundationEssentials
import GoldcrestProtocol
import GoldcrestSSH
import Synchronization

/// The names of a system's users and groups, as far as they were needed lately: from listings, else from `getent`.
///
/// They are remembered for each user apart: a user may have made the login shell start something else than SFTP server and `getent`, and what that
/// says must not reach others.
final class AccountNames: Sendable {
    private let ssh: SSHPool
    private let known = Mutex(RecentlyUsedCache<Key, Finding>(capacity: 20_000, lifetime: lifetime, now: Date()))

    private struct Key: Hashable, Sendable {
        var asker: String
        var account: Account
    }

    private struct Finding: Sendable {
        /// Nil for a number without a name.
        var name: String?
        var since: Date
    }

    /// In seconds.
    private static let lifetime: TimeInterval = 300
    /// The most numbers that are looked up for one listing.
    private static let maximumLookup = 1000

    init(ssh: SSHPool) {
        self.ssh = ssh
    }

    /// The names of all owners of `files`.
    ///
    /// - Parameter learned: Names that the listing itself showed.
    /// - Throws: ``BeyondSFTP`` when too many are unknown; `CancellationError`. A lookup that fails is no error: the numbers are shown.
    func names(ofOwnersOf files: [ListedFile], learned: OwnerNames, as user: SSHUser) async throws -> OwnerNames {
        remember(learned, as: user)
        var names = learned
        var unknown = names.unknown(in: files)
        if unknown.isEmpty { return names }
        unknown = recall(unknown, into: &names, as: user)
        guard !unknown.isEmpty else { return names }
        guard unknown.count <= Self.maximumLookup else { throw BeyondSFTP() }
        names.add(try await lookUp(unknown, as: user))
        return names
    }

    private func remember(_ names: OwnerNames, as user: SSHUser) {
        let now = Date()
        known.withLock { known in
            for (account, name) in names.all {
                known.insert(Finding(name: name, since: now), for: Key(asker: user.name, account: account), now: now)
            }
        }
    }

    /// - Returns: The accounts of which nothing is known.
    private func recall(_ accounts: Set<Account>, into names: inout OwnerNames, as user: SSHUser) -> Set<Account> {
        let now = Date()
        return known.withLock { known in
            accounts.filter { account in
                guard let finding = known.value(for: Key(asker: user.name, account: account), now: now),
                    abs(now.timeIntervalSince(finding.since)) < Self.lifetime
                else { return true }
                names[account] = finding.name
                return false
            }
        }
    }

    /// Asks for all of them with one command.
    private func lookUp(_ accounts: Set<Account>, as user: SSHUser) async throws -> OwnerNames {
        let lookup = AccountLookup(accounts)
        var result: RemoteResult?
        do {
            result = try await ssh.run(lookup.command, as: user, outputLimit: AccountLookup.outputLimit)
        } catch is SSHError {}
        guard let names = result.flatMap(lookup.names) else { return OwnerNames() }
        let now = Date()
        known.withLock { known in
            for account in accounts {
                known.insert(Finding(name: names[account], since: now), for: Key(asker: user.name, account: account), now: now)
            }
        }
        return names
    }
}
