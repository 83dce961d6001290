import GoldcrestSSH
import GoldcrestShell
import NIOCore
import Testing

@testable import FilesystemService

@Suite("Names of owners")
struct OwnerNamesTests {
    private static func entry(_ name: String, _ longName: String, size: UInt64 = 3, uid: UInt32 = 0, gid: UInt32 = 0) -> SFTPEntry {
        SFTPEntry(
            name: Array(name.utf8), longName: Array(longName.utf8),
            attributes: SFTPAttributes(size: size, owner: .init(uid: uid, gid: gid), permissions: 0o100644, times: .init(accessed: 0, modified: 0)))
    }

    /// As the sftp-server of OpenSSH 9.2 wrote them.
    @Test(
        "OpenSSH's long names show them",
        arguments: [
            entry("pipe", "prw-r--r--    1 root     staff           0 Nov 21 16:26 pipe", size: 0),
            entry("x -> y", "-rw-r--r--    1 root     staff           3 Nov 21 16:26 x -> y"),
            entry("with blank", "-rw-r--r--    1 root     staff           3 Feb  3  2001 with blank"),
            entry("new\nline ", "-rw-r--r--    1 root     staff           3 Feb  3  2001 new\nline "),
            entry(" a 3 b 1 1 1 ", "-rw-r--r--    1 root     staff           3 Feb  3  2001  a 3 b 1 1 1 "),
        ])
    func openSSH(entry: SFTPEntry) {
        var names = OwnerNames()
        names.learn(from: entry)
        #expect(names.users == [0: "root"] && names.groups == [0: "staff"])
    }

    @Test("a number is no name")
    func numbers() {
        var names = OwnerNames()
        names.learn(from: Self.entry("plain", "-rwsr-xr-x    1 4242     4343            3 Nov 21 16:26 plain", uid: 4242, gid: 4343))
        #expect(names == OwnerNames())
        #expect(names.name(.user(4242)) == "4242")
    }

    @Test(
        "a text that leaves open where a name ends, or does not agree with the rest, tells nothing",
        arguments: [
            entry("x", "-rw-r--r--    1 root     domain users        3 Nov 21 16:26 x"), entry("x", "x"), entry("x", ""),
            entry("x", "-rw-r--r--    1 root     staff           4 Nov 21 16:26 x"),
            entry("x", "-rw-r--r--    1 root     staff           3 Nov 21 16:26 y"),
            entry("x", "-rw-r--r-- root staff 3 Nov 21 16:26 x"),
        ])
    func others(entry: SFTPEntry) {
        #expect(LongName(entry) == nil)
    }

    @Test("what is not known is asked of getent, all at once")
    func lookup() throws {
        let lookup = AccountLookup([.user(7), .user(8), .group(7)])
        let text = try lookup.command.shellText()
        #expect(text.contains("getent passwd 7 8 | cut -d: -f1,3;"))
        #expect(text.contains("getent group 7 | cut -d: -f1,3;"))
        let marker = try #require(text.split(separator: " ").first { $0.hasPrefix("goldcrest-") })
        let output = "domain admin:7\nroot:0\n\n\(marker) 2\ndomain users:7\nno number\n:\n\n\(marker) 0\n"
        let names = try #require(lookup.names(in: RemoteResult(exitStatus: 0, standardOutput: ByteBuffer(string: output))))
        #expect(names.users == [7: "domain admin"] && names.groups == [7: "domain users"])
    }

    @Test("an answer that broke off says nothing of what is missing")
    func brokenOff() {
        let lookup = AccountLookup([.user(7)])
        #expect(lookup.names(in: RemoteResult(exitStatus: 124, standardOutput: ByteBuffer(string: "ada:7\n"))) == nil)
    }

    @Test("with no numbers getent is not run, as it would show all that there is")
    func nothingToLookUp() throws {
        let text = try AccountLookup([.user(7)]).command.shellText()
        #expect(!text.contains("getent group"))
    }
}
