import Foundation
import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes
import NIOCore
import Testing

@testable import GoldcrestSSH

extension RealServerTests {
    @Suite("Commands on a real server")
    struct CommandTests {
        let server: SSHServer
        let pool: SSHPool

        init() throws {
            server = try SSHServer()
            pool = server.pool()
        }

        @Test("input, output and errors go their own ways")
        func separateStreams() async throws {
            let result = try await pool.run(
                RemoteCommand("sh", "-c", "cat; echo wrong >&2; exit 3"), as: .current, input: ByteBuffer(string: "hello"), outputLimit: 1000)
            #expect(result.exitStatus == 3)
            #expect(result.exitSignal == nil)
            #expect(result.standardOutput.text == "hello")
            #expect(result.standardError.text == "wrong\n")
        }

        @Test("a command that a signal ends says which")
        func signal() async throws {
            let result = try await pool.run(RemoteCommand("sh", "-c", "kill -KILL $$"), as: .current, outputLimit: 1000)
            #expect(result.exitStatus == nil)
            #expect(result.exitSignal == "KILL")
            #expect(!result.isSuccess)
            let failure = RemoteCommandFailure(result)
            #expect(failure.exitStatus == 137)
        }

        @Test("arguments arrive as they are")
        func quoting() async throws {
            for text in hostileTexts {
                let result = try await pool.run(RemoteCommand("printf", "%s|%s", text, "end"), as: .current, outputLimit: 10_000)
                #expect(result.standardOutput.text == text + "|end")
            }
        }

        @Test("a program, a variable and a directory are quoted like arguments")
        func quotingElsewhere() async throws {
            try server.write("#!/bin/sh\nprintf '%s' \"$V\"; pwd", to: "a 'b' $(c)")
            let path = server.folder.path + "/a 'b' $(c)"
            _ = try await pool.run(RemoteCommand("chmod", "+x", path), as: .current, outputLimit: 0).requireSuccess()
            let command = RemoteCommand(path).environment("V", "1 '2' \"3\" $4\n").inDirectory("/usr")
            let result = try await pool.run(command, as: .current, outputLimit: 1000)
            #expect(result.standardOutput.text == "1 '2' \"3\" $4\n/usr\n")
        }

        @Test("five megabytes go there and back")
        func largeInput() async throws {
            var input = ByteBuffer()
            for number in 0..<(5 * 1024 * 1024 / 8) { input.writeInteger(number) }
            let result = try await pool.run(RemoteCommand("cat"), as: .current, input: input, outputLimit: 5 * 1024 * 1024)
            #expect(result.standardOutput == input)
        }

        @Test("input that nobody reads does no harm")
        func unreadInput() async throws {
            let input = ByteBuffer(repeating: 7, count: 8 * 1024 * 1024)
            let result = try await pool.run(RemoteCommand("true"), as: .current, input: input, outputLimit: 0)
            #expect(result.isSuccess)
        }

        @Test("the outputs of a sequence come apart, each with its own status")
        func sequence() async throws {
            let commands = [
                RemoteCommand("printf", "a\nb"), RemoteCommand("false").environment("X", "1"), RemoteCommand("echo", "c"),
                RemoteCommand.pipeline([RemoteCommand("echo", "d"), RemoteCommand("tr", "d", "e")]),
            ]
            let result = try await pool.run(.sequence(commands, separatedBy: "--m--"), as: .current, outputLimit: 1000)
            let parts = result.parts(separatedBy: "--m--")
            #expect(parts.map(\.standardOutput.text) == ["a\nb", "", "c\n", "e\n"])
            #expect(parts.map(\.exitStatus) == [0, 1, 0, 0])
        }

        @Test("a conjunction stops at the first failure")
        func conjunction() async throws {
            let result = try await pool.run(
                .allOf([RemoteCommand("echo", "a"), RemoteCommand("false"), RemoteCommand("echo", "b")]), as: .current, outputLimit: 1000)
            #expect(result.exitStatus == 1)
            #expect(result.standardOutput.text == "a\n")
        }

        @Test("output over the limit ends the command, and the connection goes on")
        func outputLimit() async throws {
            let code = await errorCode {
                _ = try await pool.run(RemoteCommand("cat", "/dev/zero"), as: .current, outputLimit: 100_000)
            }
            #expect(code == .outputTooLarge)
            let exact = try await pool.run(RemoteCommand("head", "-c", "100000", "/dev/zero"), as: .current, outputLimit: 100_000)
            #expect(exact.standardOutput.readableBytes == 100_000)
            #expect(server.children.count == 1)
        }

        @Test("of standard error the first 64 KiB are kept")
        func standardErrorLimit() async throws {
            let result = try await pool.run(RemoteCommand("sh", "-c", "head -c 3000000 /dev/zero >&2; echo done"), as: .current, outputLimit: 100)
            #expect(result.standardError.readableBytes == 64 * 1024)
            #expect(result.standardOutput.text == "done\n")
        }

        @Test("a command that hangs is ended over there, and is a time-out")
        func remoteTimeout() async throws {
            let result = try await pool.run(RemoteCommand("sleep", "98765"), as: .current, outputLimit: 0, timeout: .milliseconds(200))
            #expect(result.exitStatus == 124)
            #expect(RemoteCommandFailure(result).apiError.status == .requestTimeout)
            #expect(try await eventually { server.descendants.allSatisfy { $0.command.first != "sleep" } })
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            #expect(server.children.count == 1)
        }

        @Test("a command that is limited over there is ended there")
        func farTimeout() async throws {
            let command = RemoteCommand("sleep", "98764").limited(to: .milliseconds(200))
            #expect(try await pool.run(command, as: .current, outputLimit: 0).exitStatus == 124)
        }

        @Test("all processes of a command that hangs are ended, also those that do not want to")
        func stubbornCommand() async throws {
            let script = "trap '' TERM; echo begun; sleep 98763 & wait; sleep 98762"
            let result = try await pool.run(RemoteCommand("sh", "-c", script), as: .current, outputLimit: 100, timeout: .milliseconds(200))
            #expect(result.exitStatus == 124)
            #expect(result.standardOutput.text == "begun\n")
            #expect(try await eventually { server.descendants.allSatisfy { $0.command.first != "sleep" } })
            #expect(server.children.count == 1)
        }

        @Test("a command that hangs is ended while all channels that the server allows are in use")
        func busyConnection() async throws {
            let pool = server.pool { $0.maximumConnections = 1 }
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        try await pool.run(RemoteCommand("sleep", "54322"), as: .current, outputLimit: 0, timeout: .milliseconds(300)).exitStatus
                    }
                }
                for try await status in group { #expect(status == 124) }
            }
            #expect(server.descendants.allSatisfy { $0.command.first != "sleep" })
        }

        @Test("what a command says of itself is not among its errors, whatever the user's start-up files say before")
        func announcement() throws {
            var error = ByteBuffer(string: "welcome\ngoldcrest-process 4711\nwrong\n")
            #expect(ProcessGroup(takingFrom: &error)?.leader == 4711)
            #expect(error.text == "welcome\nwrong\n")
            for text in ["", "goldcrest-process", "goldcrest-process 47", "goldcrest-process 1\n", "goldcrest-process -5\n", "a goldcrest-process 47\n"] {
                var error = ByteBuffer(string: text)
                #expect(ProcessGroup(takingFrom: &error) == nil)
                #expect(error.text == text)
            }
        }

        @Test("a cancelled command leaves the connection to the others")
        func cancellation() async throws {
            _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0)
            async let other = pool.run(RemoteCommand("sh", "-c", "sleep 0.3; echo other"), as: .current, outputLimit: 100)
            let task = Task { try await pool.run(RemoteCommand("sleep", "54321"), as: .current, outputLimit: 0) }
            #expect(try await eventually { server.descendants.contains { $0.command.first == "sleep" && $0.command.last == "54321" } })
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(try await other.standardOutput.text == "other\n")
            #expect(try await eventually { server.descendants.allSatisfy { $0.command.last != "54321" } }, "its process is ended")
            #expect(server.children.count == 1)
        }

        @Test("a command can be streamed")
        func streaming() async throws {
            let exit = try await pool.withProcess(RemoteCommand("sh", "-c", "cat; echo bad >&2; exit 7"), as: .current) { process in
                for number in 0..<3 {
                    try await process.write(ByteBuffer(string: "line \(number)\n"))
                    var answer = ""
                    while !answer.hasSuffix("\n"), let chunk = try await process.nextOutput() { answer += chunk.text }
                    #expect(answer == "line \(number)\n")
                }
                try await process.finishInput()
                #expect(try await process.nextOutput() == nil)
                return try await process.waitForExit()
            }
            #expect(exit.status == 7)
            #expect(exit.standardError.text == "bad\n")
        }

        @Test("a command that is left while it runs loses its channel only")
        func leftEarly() async throws {
            let first = try await pool.withProcess(RemoteCommand("yes"), as: .current) { try await $0.nextOutput() }
            #expect(first?.text.hasPrefix("y\ny\n") == true)
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            #expect(server.children.count == 1)
        }

        @Test("a command that cannot be sent is refused before anything is connected")
        func invalidCommands() async throws {
            for command in [RemoteCommand("a\0b"), RemoteCommand("a", "\0"), RemoteCommand(""), RemoteCommand("a").environment("A B", "c")] {
                #expect(await errorCode { _ = try await pool.run(command, as: .current, outputLimit: 0) } == .invalidCommand)
            }
            let long = RemoteCommand("echo", String(repeating: "x", count: RemoteCommand.maximumLength))
            #expect(await errorCode { _ = try await pool.run(long, as: .current, outputLimit: 0) } == .invalidCommand)
            let longest = RemoteCommand("echo", String(repeating: "x", count: RemoteCommand.maximumLength - 100))
            #expect(try await pool.run(longest, as: .current, outputLimit: 200_000).isSuccess)
        }
    }
}

private let hostileTexts = [
    "", " ", "a b", "'", "''", "\"", "'\"$(x)`\n", "$(touch /tmp/owned)", "`id`", "${HOME}", "~", "~root", "*", "?[a-z]", "a;b", "a&b", "a|b", "a>b", "<a",
    "(a)", "{a,b}", "!x", "#x", "\\", "\\'", "a\\nb", "\n", "a\n\nb\n", "\t", "\u{1}\u{7f}", "-n", "--", "A=b", "ü 漢字 🎉", "\u{202e}abc", "%s%n", "^x", "a\rb",
]
