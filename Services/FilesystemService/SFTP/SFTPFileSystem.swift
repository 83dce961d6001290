import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestSSH
import Logging
import NIOCore

/// File operations by SFTP, which start no process on the system, and by commands what SFTP cannot do or say.
///
/// SFTP tells hardly why it refuses something: OpenSSH has one code for what does not exist, is no directory or goes round in links, and one for
/// everything else. Clients know the words of the commands. So what SFTP refuses is asked of the command, whose answer counts.
///
/// Where the answers differ from those of ``ExecFileSystem``:
/// - `permissions` lacks the marks behind the nine letters: `+` for an access control list, `.` for a security context.
/// - SFTP has 32 bits for a time: files changed before 1970 or after 2106 show another time. `TZ` in a user's shell profile does not count.
/// - A listing has a bound of files (``ListingBudget``), not of the bytes that `ls` would print.
/// - A new file or directory gets its mode by the umask of the SFTP server, not by that of the user's shell profile.
struct SFTPFileSystem: FileSystemAccess {
    let ssh: SSHPool
    let commands: ExecFileSystem
    /// Whether a server without SFTP is an error.
    private let requiresSFTP: Bool
    /// The most bytes that a file may have.
    let maximumSize: Int
    let commandLimit: Duration
    let zones: SystemTimeZones
    let accounts: AccountNames

    init(ssh: SSHPool, cluster: Cluster, logger: Logger) {
        self.ssh = ssh
        commands = ExecFileSystem(ssh: ssh, cluster: cluster)
        requiresSFTP = cluster.fileAccess == .sftp
        maximumSize = cluster.dataOperation.maxOpsFileSize
        commandLimit = cluster.ssh.timeout.commandExecution
        zones = SystemTimeZones(configured: cluster.timezone, of: cluster.name, logger: logger)
        accounts = AccountNames(ssh: ssh)
    }

    /// Does an operation by SFTP, and by commands if that is refused.
    ///
    /// - Parameter bySFTP: Throws `SFTPFailure` and ``BeyondSFTP`` only as long as it has changed nothing.
    func preferringSFTP<Result>(
        _ bySFTP: () async throws -> Result, otherwise byCommands: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await bySFTP()
        } catch is SFTPFailure {
            return try await byCommands()
        } catch is BeyondSFTP {
            return try await byCommands()
        } catch is SFTPUnavailable where !requiresSFTP {
            return try await byCommands()
        }
    }

    // MARK: - What only commands can do

    /// SFTP knows neither inode, device, links nor the time of the last change.
    func stat(_ path: AbsolutePath, dereferences: Bool, as user: SSHUser) async throws -> FileStat {
        try await commands.stat(path, dereferences: dereferences, as: user)
    }

    func checksum(_ path: AbsolutePath, by algorithm: ChecksumAlgorithm, as user: SSHUser) async throws -> FileChecksum {
        try await commands.checksum(path, by: algorithm, as: user)
    }

    func fileType(_ path: AbsolutePath, as user: SSHUser) async throws -> String {
        try await commands.fileType(path, as: user)
    }

    func follow(
        _ path: AbsolutePath, from excerpt: Excerpt, as user: SSHUser, _ body: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        try await commands.follow(path, from: excerpt, as: user, body)
    }

    func changeOwner(_ path: AbsolutePath, to ownership: Ownership, as user: SSHUser) async throws -> FileEntry {
        try await commands.changeOwner(path, to: ownership, as: user)
    }

    func copy(
        _ source: AbsolutePath, to target: AbsolutePath, dereferences: Bool, limit: Int, as user: SSHUser
    ) async throws -> FileEntry {
        try await commands.copy(source, to: target, dereferences: dereferences, limit: limit, as: user)
    }

    func move(_ source: AbsolutePath, to target: AbsolutePath, limit: Int, as user: SSHUser) async throws -> FileEntry {
        try await commands.move(source, to: target, limit: limit, as: user)
    }

    func compress(_ archive: ArchiveRequest, as user: SSHUser) async throws {
        try await commands.compress(archive, as: user)
    }

    func extract(_ archive: AbsolutePath, into directory: AbsolutePath, compression: Compression, as user: SSHUser) async throws {
        try await commands.extract(archive, into: directory, compression: compression, as: user)
    }
}
