import Foundation
import GoldcrestShell
import NIOCore
import Testing

@testable import GoldcrestSSH

extension RealServerTests {
    @Suite("SFTP that several use, on a real server")
    struct SFTPSharingTests: SFTPSuite {
        let fixture: SFTPFixture

        init() throws {
            fixture = try SFTPFixture()
        }

        @Test("sixty-four at once share one channel and do not disturb each other")
        func sharing() async throws {
            let all = bytes(200_000)
            for number in 0..<64 { try make("\(number)", all.getSlice(at: number, length: 100_000) ?? all) }
            try await withThrowingTaskGroup { group in
                for number in 0..<64 {
                    group.addTask {
                        try await pool.withSFTP(as: .current) { session in
                            let entries = try await listed(path(""), in: session)
                            #expect(entries.count { $0.name.count <= 2 } == 64)
                            let found = try await session.withFile(path("\(number)"), .reading) { try await $0.read(0..<100_000) }
                            #expect(found == all.getSlice(at: number, length: 100_000))
                            try await session.withFile(path("copy \(number)"), .creating(permissions: nil)) { try await $0.write(found, at: 0) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            for number in 0..<64 { #expect(try contents("copy \(number)") == all.getSlice(at: number, length: 100_000)) }
            #expect(pool.connectionCount == 1)
            #expect(server.sftpServers.count == 1)
            await pool.shutdown()
        }

        @Test("commands leave a channel to SFTP, and use the others")
        func channels() async throws {
            let server = try SSHServer(options: ["MaxSessions 3"])
            let pool = server.pool {
                $0.maximumSessions = 3
                $0.reservesSFTPChannel = true
                $0.growthDelay = .seconds(60)
            }
            try await withThrowingTaskGroup { group in
                for _ in 0..<2 {
                    group.addTask { _ = try await pool.run(RemoteCommand("sleep", "1"), as: .current, outputLimit: 0).requireSuccess() }
                }
                #expect(try await eventually { server.descendants.count { $0.command.first == "sleep" } == 2 })
                let found = try await pool.withSFTP(as: .current) { try await $0.attributes(of: path(""), followsLinks: true) }
                #expect(found.permissions != nil)
                for _ in 0..<3 {
                    group.addTask { _ = try await pool.run(RemoteCommand("sleep", "0.1"), as: .current, outputLimit: 0).requireSuccess() }
                }
                try await group.waitForAll()
            }
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("files and commands go over one connection at once, also through a proxy", arguments: [false, true])
        func mixture(isProxied: Bool) async throws {
            let proxy = isProxied ? try SSHServer() : nil
            if let proxy {
                try FileManager.default.removeItem(at: proxy.folder.appending(path: "authorized_keys"))
                try FileManager.default.copyItem(at: server.folder.appending(path: "authorized_keys"), to: proxy.folder.appending(path: "authorized_keys"))
            }
            let pool = server.pool(proxy: proxy) { $0.growthDelay = .seconds(60) }
            let all = bytes(3_000_000)
            try await withThrowingTaskGroup { group in
                for number in 0..<3 {
                    group.addTask {
                        let result = try await pool.run(RemoteCommand("cat"), as: .current, input: all, outputLimit: 3_000_000)
                        #expect(result.standardOutput == all)
                    }
                    group.addTask {
                        try await pool.withSFTP(as: .current) { session in
                            try await session.withFile(path("\(number)"), .creating(permissions: nil)) { try await $0.write(all, at: 0) }
                            var gathered = ByteBuffer()
                            _ = try await session.withFile(path("\(number)"), .reading) { file in
                                try await file.forEachPiece(of: 0..<10_000_000) { gathered.writeImmutableBuffer($0) }
                            }
                            #expect(gathered == all)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(pool.connectionCount == 1)
            await pool.shutdown()
        }

        @Test("a connection with one channel alone has none for SFTP")
        func oneChannel() async throws {
            let pool = server.pool { $0.maximumSessions = 1 }
            await #expect(throws: SFTPUnavailable.self) { try await pool.withSFTP(as: .current) { _ in } }
        }

        @Test("a connection stays while SFTP is used, and is closed as idle afterwards")
        func idle() async throws {
            let pool = server.pool { $0.idleTimeout = .milliseconds(100) }
            try await pool.withSFTP(as: .current) { session in
                _ = try await session.attributes(of: path(""), followsLinks: true)
                try await Task.sleep(for: .milliseconds(400))
                #expect(pool.connectionCount == 1)
                _ = try await session.attributes(of: path(""), followsLinks: true)
            }
            #expect(try await eventually { pool.connectionCount == 0 && server.children.isEmpty })
        }
    }
}
