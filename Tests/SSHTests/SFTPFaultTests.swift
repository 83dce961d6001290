import Foundation
import GoldcrestShell
import NIOCore
import Testing

@testable import GoldcrestSSH

extension RealServerTests {
    @Suite("SFTP when something fails, on a real server")
    struct SFTPFaultTests: SFTPSuite {
        let fixture: SFTPFixture

        init() throws {
            fixture = try SFTPFixture()
        }

        @Test("a server without SFTP says so, is asked once, and still runs commands", arguments: [nil, "/nonexistent", "/bin/false", "/bin/echo Welcome"])
        func unavailable(sftp: String?) async throws {
            let server = try SSHServer(options: ["LogLevel DEBUG1"], sftp: sftp)
            let pool = server.pool()
            for _ in 0..<3 {
                await #expect(throws: SFTPUnavailable.self) { try await pool.withSFTP(as: .current) { _ in } }
            }
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            let log = try server.read("log")
            #expect(log.split(whereSeparator: \.isNewline).count { $0.contains("subsystem request for sftp") } <= 1)
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("a server that is killed fails all who use it at once, and the next starts another on the same connection")
        func killed() async throws {
            mkfifo("\(folder)/fifo", 0o600)
            let codes = try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        await errorCode {
                            try await pool.withSFTP(as: .current) { try await $0.withFile(path("fifo"), .reading) { _ in } }
                        }
                    }
                }
                #expect(try await eventually { server.sftpServers.first?.isBlocked == true })
                for process in server.sftpServers { process.terminate() }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: .connectionLost, count: 8))
            let children = server.children.map(\.id)
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.count == 1)
            #expect(server.children.map(\.id) == children)
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("a server killed while megabytes go to and fro ends both")
        func killedInBulk() async throws {
            try make("f", bytes(100_000))
            let codes = try await withThrowingTaskGroup { group in
                group.addTask {
                    await errorCode {
                        try await pool.withSFTP(as: .current) { session in
                            try await session.withFile(path("new"), .creating(permissions: nil)) { file in
                                for number in 0..<UInt64.max { try await file.write(bytes(100_000), at: number % 100 * 100_000) }
                            }
                        }
                    }
                }
                group.addTask {
                    await errorCode {
                        try await pool.withSFTP(as: .current) { session in
                            try await session.withFile(path("f"), .reading) { file in
                                while true { _ = try await file.forEachPiece(of: 0..<100_000) { _ in } }
                            }
                        }
                    }
                }
                #expect(try await eventually { (try? contents("new").readableBytes) ?? 0 > 1_000_000 })
                for process in server.sftpServers { process.terminate() }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == [.connectionLost, .connectionLost])
            await pool.shutdown()
        }

        @Test("a connection that has died is replaced without a word")
        func deadConnection() async throws {
            _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0)
            for process in server.descendants { process.terminate() }
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.isEmpty)
            await pool.shutdown()
        }

        @Test("a server or a connection that has died while nobody used it is replaced without a word", arguments: [true, false])
        func diedUnnoticed(whole: Bool) async throws {
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.isEmpty)
            let old = server.sftpServers
            #expect(old.count == 1)
            for process in whole ? server.descendants : old { process.terminate() }
            #expect(try await eventually { server.sftpServers.isEmpty })
            try await Task.sleep(for: .milliseconds(1100))
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.isEmpty)
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("who comes while the server hangs for another gets one that does not")
        func hangingForAnother() async throws {
            mkfifo("\(folder)/fifo", 0o600)
            let stuck = Task { await errorCode { try await pool.withSFTP(as: .current) { try await $0.withFile(path("fifo"), .reading) { _ in } } } }
            #expect(try await eventually { server.sftpServers.first?.isBlocked == true })
            try await Task.sleep(for: .milliseconds(1100))
            let start = ContinuousClock.now
            let counts = try await withThrowingTaskGroup { group in
                for _ in 0..<16 {
                    group.addTask { try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.count }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts == Array(repeating: 1, count: 16))
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(server.sftpServers.count == 2)
            stuck.cancel()
            _ = await stuck.value
            await pool.shutdown()
        }

        @Test("SFTP gets its channel when commands have ended that hold all there are")
        func crowdedOut() async throws {
            let server = try SSHServer(options: ["MaxSessions 2"])
            let pool = server.pool { $0.maximumSessions = 2 }
            try await withThrowingTaskGroup { group in
                for _ in 0..<2 {
                    group.addTask { _ = try await pool.run(RemoteCommand("sleep", "1"), as: .current, outputLimit: 0).requireSuccess() }
                }
                #expect(try await eventually { server.descendants.count { $0.command.first == "sleep" } == 2 })
                #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.isEmpty)
                try await group.waitForAll()
            }
            await pool.shutdown()
        }

        @Test("who is cancelled goes at once, and nobody else notices")
        func cancellation() async throws {
            mkfifo("\(folder)/fifo", 0o600)
            let task = Task {
                try await pool.withSFTP(as: .current) { session in
                    try await session.withFile(path("fifo"), .reading) { _ in }
                }
            }
            #expect(try await eventually { server.sftpServers.first?.isBlocked == true })
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            async let other = pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }
            // The other end of the FIFO lets the server's open(2) end; what it opened for nobody is closed again.
            let writer = try #require(FileHandle(forWritingAtPath: "\(folder)/fifo"))
            #expect(try await other.count == 1)
            let process = try #require(server.sftpServers.first)
            #expect(try await eventually { !process.hasOpen("\(folder)/fifo") })
            try writer.close()
            #expect(server.sftpServers.count == 1)
            await pool.shutdown()
        }

        @Test("a server that hangs costs its users their time, the next get another, and a few such are enough")
        func hanging() async throws {
            let pool = server.pool { $0.timeoutMargin = .zero }
            for number in 1...3 {
                let code = await errorCode {
                    try await pool.withSFTP(as: .current, timeout: .milliseconds(400)) { session in
                        _ = try await session.attributes(of: path(""), followsLinks: true)
                        for process in server.sftpServers { process.stop() }
                        _ = try await session.attributes(of: path(""), followsLinks: true)
                    }
                }
                #expect(code == .timedOut)
                #expect(server.sftpServers.count == number)
                #expect(pool.connectionCount == 1)
            }
            // Those that nobody uses any more were closed, so that there is room for more.
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.isEmpty)
            for process in server.sftpServers { process.resume() }
            #expect(try await eventually { server.sftpServers.count == 1 })
            await pool.shutdown()
        }

        @Test("while too many hanging servers are in use there is no other")
        func manyHanging() async throws {
            mkfifo("\(folder)/fifo", 0o600)
            let pool = server.pool { $0.timeoutMargin = .zero }
            try await withThrowingTaskGroup { group in
                for number in 1...3 {
                    group.addTask {
                        try await pool.withSFTP(as: .current, timeout: .milliseconds(300)) { session in
                            #expect(await errorCode { try await session.withFile(path("fifo"), .reading) { _ in } } == .timedOut)
                            try await Task.sleep(for: .seconds(60))
                        }
                    }
                    #expect(try await eventually { server.sftpServers.count { $0.isBlocked } == number })
                    try await Task.sleep(for: .milliseconds(400))
                }
                #expect(await errorCode { try await pool.withSFTP(as: .current) { _ in } } == .capacityExceeded)
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.waitForAll() }
            }
            #expect(try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }.count == 1)
            await pool.shutdown()
        }

        @Test("a server that does not keep to the protocol loses its channel, no more", arguments: [
            "ffffffff", "00000009 65 00000001", "00000005 65 00000001 0000", "00000009 65 00000063 00000000", "00000009 66 00000001 00000000",
        ])
        func hostile(reply: String) async throws {
            let octets = reply.filter { $0 != " " }
            let escaped = stride(from: 0, to: octets.count, by: 2).map { "\\x" + octets.dropFirst($0).prefix(2) }.joined()
            // Reads the first word and one request, and answers them.
            let script = "#!/bin/bash\nhead -c 9 >/dev/null; printf '\\0\\0\\0\\5\\2\\0\\0\\0\\3'; head -c 14 >/dev/null; printf '\(escaped)'; exec sleep 60\n"
            let server = try SSHServer(sftp: "/bin/bash FOLDER/hostile")
            try server.write(script, to: "hostile")
            let pool = server.pool { $0.timeoutMargin = .zero }
            let code = await errorCode {
                try await pool.withSFTP(as: .current, timeout: .seconds(2)) { _ = try await $0.attributes(of: [0x2f], followsLinks: true) }
            }
            // An incomplete packet is waited for.
            #expect(code == (reply == "00000009 65 00000001" ? .timedOut : .connectionLost))
            #expect(try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0).isSuccess)
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("a connection that was closed leaves nothing in memory")
        func memory() async throws {
            weak var connection: SSHConnection?
            weak var client: SFTPClient?
            try await pool.withSFTP(as: .current) { session in
                _ = try await listed(path(""), in: session)
                client = session.client
                connection = session.client.connection
            }
            #expect(connection != nil && client != nil)
            await pool.shutdown()
            #expect(try await eventually { connection == nil && client == nil })
        }

        @Test("after shutdown nothing is left, and SFTP is refused")
        func shutdown() async throws {
            _ = try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }
            await pool.shutdown()
            #expect(try await eventually { server.children.isEmpty })
            #expect(await errorCode { try await pool.withSFTP(as: .current) { _ in } } == .shutDown)
        }
    }
}
