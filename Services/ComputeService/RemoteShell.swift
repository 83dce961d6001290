import GoldcrestSSH
import GoldcrestShell
import NIOCore

/// Where the commands of a scheduler are run: on a system, as a user.
protocol RemoteShell: Sendable {
    /// Runs a command to its end.
    ///
    /// - Returns: How the command ended, also when that was not success.
    /// - Throws: ``SSHError`` if it could not be run.
    func run(
        _ command: RemoteCommand, as user: SSHUser, input: ByteBuffer?, outputLimit: Int, timeout: Duration?
    ) async throws -> RemoteResult
}

extension SSHPool: RemoteShell {}
