import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes
import NIOCore
import Testing

@testable import GoldcrestSSH

@Suite("The text and the outcome of commands")
struct RemoteCommandTests {
    @Test("safe words stay readable, all others are quoted")
    func text() throws {
        let command = RemoteCommand("ls", "-l", "--", "/home/it's mine").environment("LC_ALL", "C").limited(to: .seconds(5))
        #expect(try command.shellText() == #"LC_ALL=C timeout -k 1 5 ls -l -- '/home/it'\''s mine'"#)
    }

    @Test("a command that announces itself takes its shell's place if it is one program", arguments: [
        (RemoteCommand("ls", "a b"), "exec ls 'a b'"),
        (RemoteCommand("ls").environment("LC_ALL", "C"), "LC_ALL=C exec ls"),
        (RemoteCommand("ls").limited(to: .seconds(5)), "exec timeout -k 1 5 ls"),
        (RemoteCommand("ls").inDirectory("/a"), "cd /a && ls"),
        (RemoteCommand.pipeline([RemoteCommand("a"), RemoteCommand("b")]), "a | b"),
        (RemoteCommand.allOf([RemoteCommand("a"), RemoteCommand("b")]).environment("X", "1"), "X=1 exec sh -c 'a && b'"),
    ])
    func announced(command: RemoteCommand, text: String) throws {
        #expect(String(decoding: try command.shellBytes(announcedBy: "me"), as: UTF8.self) == "echo me $$ >&2; \(text)")
    }

    @Test("what is more than a program is limited as a whole")
    func limitedComposition() throws {
        let command = RemoteCommand.allOf([RemoteCommand("a"), RemoteCommand("b", "c d")]).limited(to: .milliseconds(1500))
        #expect(try command.shellText() == #"timeout -k 1 1.500 sh -c 'a && b '\''c d'\'''"#)
    }

    @Test("a directory, also a relative one, cannot be taken for an option")
    func directory() throws {
        #expect(try RemoteCommand("ls").inDirectory("-P").shellText() == "cd ./-P && ls")
    }

    @Test("a program's name is never an assignment")
    func assignment() throws {
        #expect(try RemoteCommand("a=b").shellText() == "'a=b'")
    }

    @Test(
        "a command's words decide what a client is told",
        arguments: [
            ("ls: cannot access 'x': No such file or directory", 2, 404), ("cat: x: Permission denied", 1, 403), ("chown: Operation not permitted", 1, 403),
            ("mkdir: cannot create directory 'x': File exists", 1, 400), ("chown: invalid user: 'x'", 1, 400), ("chgrp: invalid group: 'x'", 1, 400),
            ("", 124, 408), ("segfault", 139, 500),
        ])
    func failures(words: String, status: Int, expected: Int) throws {
        let result = RemoteResult(exitStatus: status, standardError: ByteBuffer(string: words + "\n"))
        let failure = try #require(throws: RemoteCommandFailure.self) { try result.requireSuccess() }
        #expect(failure.apiError.status.code == expected)
        #expect(failure.apiError.message == "Remote process failed with exit status:\(status) and error message:\(words)")
    }

    @Test("a failure's words are text, and not endless")
    func cappedWords() {
        let failure = RemoteCommandFailure(RemoteResult(exitStatus: 1, standardError: ByteBuffer(bytes: [0xff] + [UInt8](repeating: 65, count: 10_000))))
        #expect(failure.words.hasPrefix("\u{fffd}AAA"))
        #expect(failure.words.utf8.count < 5000)
    }

    @Test("neither a token nor a key shows in a description")
    func redaction() {
        let text = "\(SSHUser(name: "u", token: "s3cret")) \(String(reflecting: SSHUser(name: "u", token: "s3cret"))) \(SSHCredential(privateKey: "s3cret"))"
        var dumped = ""
        dump(SSHUser(name: "u", token: "s3cret"), to: &dumped)
        dump(SSHCredential(privateKey: "s3cret", passphrase: "s3cret"), to: &dumped)
        #expect(!(text + dumped).contains("s3cret"))
    }
}
