import GoldcrestShell
import NIOCore

/// The processes of a remote command. sshd makes the shell of each command the leader of a process group (setsid(2)), and the shell says its
/// own number first of all; so what runs too long can be ended from another channel. The far side's `timeout` would cost each command two
/// processes more.
struct ProcessGroup: Sendable, Hashable {
    /// What stands in front of the number, in a line on standard error.
    static let announcement = "goldcrest-process"

    let leader: Int32

    /// Takes the announcement out of standard error. A user's start-up files may have said something before it.
    init?(takingFrom error: inout ByteBuffer) {
        let bytes = error.readableBytesView
        let word = Array("\(Self.announcement) ".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) where line.starts(with: word) {
            // Without a line's end the number may not be there as a whole.
            guard line.endIndex < bytes.endIndex, let leader = Int32(String(decoding: line.dropFirst(word.count), as: UTF8.self)), leader > 1 else {
                return nil
            }
            self.leader = leader
            error = ByteBuffer(bytes: bytes[..<line.startIndex] + bytes[(line.endIndex + 1)...])
            return
        }
        return nil
    }

    /// The command that sends all of them a signal.
    func ending(by signal: String) -> RemoteCommand {
        RemoteCommand("kill", "-s", signal, "--", "-\(leader)")
    }
}
