import Foundation
import GoldcrestShell
import NIOCore
import Testing

@testable import GoldcrestSSH

extension RealServerTests {
    @Suite("The pool on a real server")
    struct PoolTests {
        @Test("forty commands at once share a connection with ten channels")
        func manyCommands() async throws {
            let server = try SSHServer(options: ["MaxSessions 10"])
            let pool = server.pool { $0.growthDelay = .seconds(60) }
            #expect(try await texts(40, on: pool) == (0..<40).map { "\($0)\n" })
            #expect(pool.connectionCount == 1)
            #expect(server.children.count == 1)
            await pool.shutdown()
        }

        @Test("sixty-four commands of one user make few connections, and none fails")
        func busyUser() async throws {
            let server = try SSHServer(options: ["MaxSessions 10"])
            let pool = server.pool()
            #expect(try await texts(64, on: pool) == (0..<64).map { "\($0)\n" })
            #expect(pool.connectionCount <= 7)
            await pool.shutdown()
        }

        @Test("long commands get more connections, so that none waits for another")
        func growth() async throws {
            let server = try SSHServer()
            let pool = server.pool { $0.maximumSessions = 2 }
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask { _ = try await pool.run(RemoteCommand("sleep", "1.5"), as: .current, outputLimit: 0).requireSuccess() }
                }
                let hasGrown = try await eventually { pool.connectionCount == 3 }
                #expect(hasGrown)
                try await group.waitForAll()
            }
            await pool.shutdown()
        }

        @Test("a server that opens fewer channels than we think is not asked for more")
        func fewerSessions() async throws {
            let server = try SSHServer(options: ["MaxSessions 3"])
            let pool = server.pool()
            #expect(try await texts(24, on: pool) == (0..<24).map { "\($0)\n" })
            await pool.shutdown()
        }

        @Test("a server that opens no channel at all is asked by two connections, not by one after the other")
        func noSessions() async throws {
            let server = try SSHServer(options: ["MaxSessions 0", "LogLevel INFO"])
            let pool = server.pool()
            #expect(await errorCode { _ = try await texts(1, on: pool) } == .channelRefused)
            let log = try server.read("log")
            #expect(log.split(whereSeparator: \.isNewline).count { $0.contains("Accepted publickey") } == 2)
            await pool.shutdown()
        }

        @Test("a server that turns connections away since too many are logging in is asked again a little later")
        func turnedAway() async throws {
            let server = try SSHServer(options: ["MaxStartups 2:100:2"])
            // A pool makes one login of a user at a time; these are ten at once.
            try await withThrowingTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        let pool = server.pool()
                        let texts = try await texts(1, on: pool)
                        #expect(texts == ["0\n"])
                        await pool.shutdown()
                    }
                }
                try await group.waitForAll()
            }
        }

        @Test("a connection that has died is replaced without a word")
        func deadConnection() async throws {
            let server = try SSHServer()
            let pool = server.pool()
            _ = try await texts(1, on: pool)
            let old = try #require(server.children.first)
            for process in server.descendants { process.terminate() }
            #expect(try await texts(1, on: pool) == ["0\n"])
            #expect(try await eventually { server.children.map(\.id).contains(old.id) == false })
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("a command whose connection dies fails and is not run again")
        func deathInBetween() async throws {
            let server = try SSHServer()
            let pool = server.pool()
            let path = server.folder.path(percentEncoded: false) + "/count"
            let command = RemoteCommand("sh", "-c", "echo x >> \"$0\"; sleep 4", path)
            async let code = errorCode { _ = try await pool.run(command, as: .current, outputLimit: 0) }
            #expect(try await eventually { (try? server.read("count")) == "x\n" })
            for process in server.descendants { process.terminate() }
            #expect(await code == .connectionLost)
            #expect(try server.read("count") == "x\n")
            await pool.shutdown()
        }

        @Test("an idle connection is closed")
        func idle() async throws {
            let server = try SSHServer()
            let pool = server.pool { $0.idleTimeout = .milliseconds(100) }
            _ = try await texts(1, on: pool)
            #expect(try await eventually { pool.connectionCount == 0 && server.children.isEmpty })
            #expect(try await texts(1, on: pool) == ["0\n"])
            await pool.shutdown()
        }

        @Test("a quiet peer that answers stays, one that does not is given up")
        func keepAlive() async throws {
            let server = try SSHServer()
            let pool = server.pool { $0.keepAlive = .milliseconds(200) }
            _ = try await pool.run(RemoteCommand("sleep", "1.2"), as: .current, outputLimit: 0).requireSuccess()
            let code = await errorCode {
                try await pool.withProcess(RemoteCommand("sleep", "30"), as: .current, timeout: .seconds(30)) { process in
                    for process in server.descendants where process.command.first?.hasPrefix("sshd") == true { process.stop() }
                    _ = try await process.nextOutput()
                }
            }
            #expect(code == .connectionLost)
            #expect(pool.connectionCount == 0)
        }

        @Test("after shutdown the server has no connection left, and commands are refused")
        func shutdown() async throws {
            let server = try SSHServer()
            let pool = server.pool()
            _ = try await texts(3, on: pool)
            await pool.shutdown()
            #expect(try await eventually { server.children.isEmpty })
            #expect(await errorCode { _ = try await texts(1, on: pool) } == .shutDown)
        }

        @Test("a full system makes requests wait, then tells them")
        func capacity() async throws {
            let server = try SSHServer()
            let pool = server.pool {
                $0.maximumConnections = 1
                $0.maximumSessions = 1
                $0.connectionTimeout = .seconds(1)
                $0.loginTimeout = .seconds(1)
                $0.timeoutMargin = .zero
            }
            _ = try? await texts(1, on: pool)
            let long = Task { try await pool.run(RemoteCommand("sleep", "60"), as: .current, outputLimit: 0, timeout: .seconds(60)) }
            #expect(try await eventually { server.descendants.contains { $0.command.first == "sleep" } })
            let code = await errorCode { _ = try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0, timeout: .milliseconds(100)) }
            #expect(code == .capacityExceeded)
            async let next = pool.run(RemoteCommand("true"), as: .current, outputLimit: 0, timeout: .seconds(10))
            long.cancel()
            #expect(try await next.isSuccess)
            await pool.shutdown()
        }

        @Test("a request that is cancelled while it waits leaves the queue")
        func cancelledWaiter() async throws {
            let server = try SSHServer()
            let pool = server.pool {
                $0.maximumSessions = 1
                $0.maximumConnections = 1
            }
            let long = Task { try await pool.run(RemoteCommand("sleep", "1"), as: .current, outputLimit: 0) }
            #expect(try await eventually { server.descendants.contains { $0.command.first == "sleep" } })
            let waiter = Task { try await pool.run(RemoteCommand("true"), as: .current, outputLimit: 0) }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiter.value }
            #expect(try await long.value.isSuccess)
            await pool.shutdown()
        }

        /// Runs so many commands at once; what they say, in order.
        private func texts(_ count: Int, on pool: SSHPool) async throws -> [String] {
            try await withThrowingTaskGroup { group in
                for number in 0..<count {
                    group.addTask {
                        let command = RemoteCommand("echo", "\(number)")
                        let output = try await pool.run(command, as: .current, outputLimit: 100, timeout: .seconds(20)).requireSuccess()
                        return (number, output.text)
                    }
                }
                var texts = [String](repeating: "", count: count)
                for try await (number, text) in group { texts[number] = text }
                return texts
            }
        }
    }
}
