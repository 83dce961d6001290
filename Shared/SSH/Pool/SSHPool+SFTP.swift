import Metrics
import NIOCore

extension SSHPool {
    /// Runs `body` with file access by SFTP. All bodies of a user on one connection share one channel and run at once.
    ///
    /// - Parameter timeout: How long each single request may wait for its reply; by default the system's limit of commands. Bound the time of the
    ///   whole where that matters.
    /// - Throws: ``SFTPUnavailable`` if the server does not offer SFTP, which is found out once for each connection; ``SSHError``; what `body`
    ///   throws.
    public func withSFTP<Result: Sendable>(
        as user: SSHUser, timeout: Duration? = nil, _ body: (SFTPSession) async throws -> Result
    ) async throws -> Result {
        guard limits.maximumSessions > 1 else {
            throw SFTPUnavailable("SFTP needs a channel beside those of commands, and ssh.max_sessions of \(system) allows one alone.")
        }
        let timeout = TimeAmount((timeout ?? limits.commandTimeout) + limits.timeoutMargin)
        let (share, client) = try await enterSFTP(as: user, timeout: timeout)
        defer {
            share.connection.leaveSFTP(client)
            releaseShare(share)
        }
        metrics.sftpUses.increment()
        return try await body(SFTPSession(client: client, timeout: timeout))
    }

    /// A share in a connection and its channel for SFTP. What is found dead is replaced once, as nothing was asked of it yet.
    private func enterSFTP(as user: SSHUser, timeout: TimeAmount) async throws -> (Lease, SFTPClient) {
        let deadline = NIODeadline.now() + max(timeout, TimeAmount(limits.connectionTimeout + limits.loginTimeout))
        var hasReplaced = false
        while true {
            guard let share = try await share(for: user, until: deadline) else { continue }
            do {
                return (share, try await share.connection.enterSFTP(timeout: max(deadline - .now(), .zero)))
            } catch let error as CommandNotStarted {
                switch error.reason {
                case .connectionDead:
                    lost(share.id)
                    if hasReplaced { throw error.cause }
                    hasReplaced = true
                case .channelRefused:
                    let makesRoom = refusedShare(share)
                    guard makesRoom, NIODeadline.now() < deadline else { throw error.cause }
                    try await Task.sleep(for: .milliseconds(50))
                }
            } catch let error as SSHError where error.code == .connectionLost && !hasReplaced {
                if await share.connection.isOpen { releaseShare(share) } else { lost(share.id) }
                hasReplaced = true
            } catch {
                releaseShare(share)
                throw error
            }
        }
    }
}
