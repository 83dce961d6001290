import Foundation
import GoldcrestProtocol
import GoldcrestSSH

extension SFTPFileSystem {
    func list(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> FileEntries {
        try await preferringSFTP {
            // Only inode numbers tell that a link leads back to where it was reached from.
            if options.recursive && options.dereferences { throw BeyondSFTP() }
            let (listing, zone) = try await ssh.withSFTP(as: user) { session in
                let zone = try await knownZone(as: user, asking: session)
                let deadline = OperationDeadline(within: commandLimit)
                return (try await SFTPListing(session: session, options: options, deadline: deadline).run(target), zone)
            }
            let owners =
                options.numericIDs ? OwnerNames() : try await accounts.names(ofOwnersOf: listing.files, learned: listing.owners, as: user)
            let time = LocalTimeText(zone: zone)
            return FileEntries(listing.files) { $0.entry(owners: owners, time: time) }
        } otherwise: {
            try await commands.list(target, options, as: user)
        }
    }

    /// Does something to a file and gives its entry, as `ls -d` shows it.
    ///
    /// - Parameter change: Gives the path whose entry is wanted; throws `SFTPFailure` and ``BeyondSFTP`` only as long as it has changed nothing.
    func changing(
        _ path: AbsolutePath, as user: SSHUser, _ change: (SFTPSession) async throws -> Void
    ) async throws -> FileEntry {
        let (file, zone) = try await ssh.withSFTP(as: user) { session in
            // First, as what cannot be shown must be done by a command as a whole.
            let zone = try await knownZone(as: user, asking: session)
            try await change(session)
            do {
                return (try await SFTPListing.entry(of: path, by: session), zone)
            } catch let failure as SFTPFailure {
                throw failure.answer(doing: "ls: cannot access '\(path)'")
            }
        }
        let owners = try await accounts.names(ofOwnersOf: [file], learned: OwnerNames(), as: user)
        return file.entry(owners: owners, time: LocalTimeText(zone: zone))
    }

    private func knownZone(as user: SSHUser, asking session: SFTPSession) async throws -> TimeZone {
        guard let zone = try await zones.zone(as: user, asking: session) else { throw BeyondSFTP() }
        return zone
    }
}
