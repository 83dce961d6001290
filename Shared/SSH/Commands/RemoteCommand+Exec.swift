public import GoldcrestShell

extension RemoteCommand {
    /// The longest command that is sent: it goes in one packet, of which every SSH server takes 32 KiB (RFC 4253, section 6.1) and libssh2
    /// sends little more. What is longer belongs into standard input.
    public static let maximumLength = 32 * 1024 - 64

    /// The command as the bytes of an `exec` request (RFC 4254, section 6.5). It announces its ``ProcessGroup``.
    ///
    /// - Throws: ``SSHError`` with ``SSHError/Code/invalidCommand`` if it cannot be sent.
    func execBytes() throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try shellBytes(announcedBy: ProcessGroup.announcement)
        } catch let error as InvalidCommand {
            throw SSHError(.invalidCommand, error.message)
        }
        guard bytes.count <= Self.maximumLength else {
            throw SSHError(
                .invalidCommand,
                "The command is \(bytes.count) bytes long, more than the \(Self.maximumLength) that fit in an SSH request. Shorten its arguments.")
        }
        return bytes
    }
}
