import Foundation
import GoldcrestShell
import NIOCore
import Testing

@testable import GoldcrestSSH

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension RealServerTests {
    @Suite("SFTP on a real server")
    struct SFTPTests {
        let server: SSHServer
        let pool: SSHPool
        /// Where the tests work.
        let folder: String

        init() throws {
            server = try SSHServer()
            pool = server.pool { $0.reservesSFTPChannel = true }
            folder = server.folder.path + "/files"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }

        private func path(_ name: String) -> [UInt8] { Array("\(folder)/\(name)".utf8) }

        private func listed(_ directory: [UInt8], in session: SFTPSession) async throws -> [SFTPEntry] {
            var all: [SFTPEntry] = []
            try await session.list(directory) { all += $0 }
            return all
        }

        private func bytes(_ count: Int) -> ByteBuffer {
            var random = SplitMix(UInt64(count))
            var buffer = ByteBuffer()
            while buffer.readableBytes < count { buffer.writeInteger(random.next()) }
            return buffer.readSlice(length: count) ?? buffer
        }

        private func make(_ name: String, _ contents: ByteBuffer) throws {
            try Data(contents.readableBytesView).write(to: URL(filePath: "\(folder)/\(name)"))
        }

        private func contents(_ name: String) throws -> ByteBuffer {
            ByteBuffer(bytes: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
        }

        // MARK: Directories

        @Test("directories of any size are listed, without themselves", arguments: [0, 1, 10, 250, 5000])
        func listing(count: Int) async throws {
            let names = (0..<count).map { "file \($0)" }
            for name in names { try make(name, ByteBuffer(string: name)) }
            let entries = try await pool.withSFTP(as: .current) { try await listed(path(""), in: $0) }
            #expect(entries.map { String(decoding: $0.name, as: UTF8.self) }.sorted() == names.sorted())
            let areComplete = entries.allSatisfy { entry in
                entry.attributes.size == UInt64(entry.name.count) && entry.attributes.permissions.map { $0 & 0o170000 } == 0o100000
                    && String(decoding: entry.longName, as: UTF8.self).contains(SSHServer.userName)
            }
            #expect(areComplete)
            await pool.shutdown()
        }

        @Test("names may have any byte that a system lets them have")
        func names() async throws {
            let names: [[UInt8]] = (1...255).compactMap { byte in byte == 0x2f || byte == 0x2e ? nil : [byte, 0x2e] } + [Array(repeating: 0xff, count: 255), [0x2e, 0x2e, 0x2e]]
            try await pool.withSFTP(as: .current) { session in
                for name in names {
                    try await session.withFile(path("") + name, .creating(permissions: 0o640)) { _ in }
                }
                let entries = try await listed(path(""), in: session)
                #expect(Set(entries.map(\.name)) == Set(names))
                for name in names { try await session.removeFile(path("") + name) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            }
            await pool.shutdown()
        }

        @Test("what is refused says why")
        func failures() async throws {
            try make("file", ByteBuffer(string: "x"))
            try await pool.withSFTP(as: .current) { session in
                #expect(await code { try await session.list(path("none")) { _ in } } == .noSuchFile)
                #expect(await code { _ = try await session.attributes(of: path("none"), followsLinks: true) } == .noSuchFile)
                #expect(await code { try await session.withFile(path("none"), .reading) { _ in } } == .noSuchFile)
                #expect(await code { try await session.withFile(path("none"), .overwriting) { _ in } } == .noSuchFile)
                #expect(await code { try await session.withFile(path("file"), .creating(permissions: nil)) { _ in } } == .failure)
                #expect(await code { try await session.makeDirectory(path("file"), permissions: nil) } == .failure)
                #expect(await code { try await session.removeFile(path("none")) } == .noSuchFile)
                #expect(await code { _ = try await session.readLink(path("file")) } == .badMessage)
                #expect(await code { try await session.setAttributes(SFTPAttributes(permissions: 0o600), of: path("none")) } == .noSuchFile)
                #expect(await errorCode { try await session.removeFile(path("a\0b")) } == .invalidCommand)
                #expect(await errorCode { try await session.removeFile([UInt8](repeating: 0x61, count: 40_000)) } == .invalidCommand)
                #expect(await code { try await session.removeFile([UInt8](repeating: 0x61, count: 30_000)) } == .badMessage)
            }
            #expect(server.sftpServers.count == 1)
            await pool.shutdown()
        }

        @Test("directories, links and attributes are made, changed and removed")
        func operations() async throws {
            try await pool.withSFTP(as: .current) { session in
                try await session.makeDirectory(path("d"), permissions: 0o700)
                #expect(try await session.attributes(of: path("d"), followsLinks: true).permissions == 0o40700)
                try await session.makeSymbolicLink(path("link"), to: Array("d".utf8))
                #expect(try await session.readLink(path("link")) == Array("d".utf8))
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "d")
                #expect(try await session.attributes(of: path("link"), followsLinks: true).permissions == 0o40700)
                #expect(try await session.attributes(of: path("link"), followsLinks: false).permissions.map { $0 & 0o170000 } == 0o120000)
                try make("f", ByteBuffer(string: "12345"))
                let wanted = SFTPAttributes(size: 3, permissions: 0o604, times: .init(accessed: 1_000_000, modified: 2_000_000))
                try await session.setAttributes(wanted, of: path("f"))
                let found = try await session.attributes(of: path("f"), followsLinks: true)
                #expect(found.size == 3 && found.permissions == 0o100604 && found.times == wanted.times)
                #expect(found.owner == .init(uid: getuid(), gid: getgid()))
                try await session.removeFile(path("link"))
                try await session.removeDirectory(path("d"))
                let rest = try await listed(path(""), in: session)
                #expect(rest.map(\.name) == [Array("f".utf8)])
            }
            await pool.shutdown()
        }

        @Test("a rename replaces a file only when it is to")
        func renaming() async throws {
            try make("a", ByteBuffer(string: "a"))
            try make("b", ByteBuffer(string: "b"))
            try await pool.withSFTP(as: .current) { session in
                #expect(session.replacesByRename)
                #expect(await code { try await session.rename(path("a"), to: path("b"), replaces: false) } == .failure)
                #expect(try contents("b") == ByteBuffer(string: "b"))
                try await session.rename(path("a"), to: path("b"), replaces: true)
                #expect(try contents("b") == ByteBuffer(string: "a"))
                try await session.rename(path("b"), to: path("c"), replaces: false)
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c"])
            }
            await pool.shutdown()
        }

        // MARK: Files

        @Test("ranges are read to the byte, and no further than the file goes")
        func ranges() async throws {
            let all = bytes(300_001)
            try make("f", all)
            let piece = UInt64(SFTPLimits.enough)
            let ranges: [Range<UInt64>] = [
                0..<0, 0..<1, 0..<piece - 1, 0..<piece, 0..<piece + 1, 5..<2 * piece + 5, 300_000..<300_001, 300_000..<300_500, 300_001..<300_002,
                1_000_000..<1_000_001, 0..<1 << 20, 1 << 40..<(1 << 40) + 1,
            ]
            try await pool.withSFTP(as: .current) { session in
                try await session.withFile(path("f"), .reading) { file in
                    #expect(try await file.attributes().size == 300_001)
                    for range in ranges {
                        let bytes = try await file.read(range)
                        let expected = range.clamped(to: 0..<300_001)
                        #expect(bytes == all.getSlice(at: Int(expected.lowerBound), length: expected.count))
                    }
                    var gathered = ByteBuffer()
                    let count = try await file.forEachPiece(of: 100..<1 << 40) { gathered.writeImmutableBuffer($0) }
                    #expect(count == 299_901)
                    #expect(gathered == all.getSlice(at: 100, length: 299_901))
                }
            }
            await pool.shutdown()
        }

        @Test("many megabytes go there and back", arguments: [([], 100_000_003), (["RekeyLimit 1M"], 8_000_003)])
        func bulk(options: [String], length: Int) async throws {
            let server = try SSHServer(options: options)
            let pool = server.pool()
            let all = bytes(length)
            try await pool.withSFTP(as: .current) { session in
                try await session.withFile(path("f"), .creating(permissions: 0o600)) { file in
                    var rest = all
                    var offset: UInt64 = 0
                    while let piece = rest.readSlice(length: min(rest.readableBytes, 150_000)), piece.readableBytes > 0 {
                        try await file.write(piece, at: offset)
                        offset += UInt64(piece.readableBytes)
                    }
                }
                #expect(try contents("f") == all)
                var gathered = ByteBuffer()
                let count = try await session.withFile(path("f"), .reading) { file in
                    try await file.forEachPiece(of: 0..<UInt64.max) { gathered.writeImmutableBuffer($0) }
                }
                #expect(count == UInt64(length))
                #expect(gathered == all)
            }
            await pool.shutdown()
        }

        @Test("a file is written anew, keeps its mode, and a write that fails is told")
        func writing() async throws {
            try make("f", bytes(100_000))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(folder)/f")
            try await pool.withSFTP(as: .current) { session in
                try await session.withFile(path("f"), .overwriting) { file in
                    try await file.write(ByteBuffer(string: "world"), at: 5)
                    try await file.write(ByteBuffer(string: "hello"), at: 0)
                    try await file.flush()
                    #expect(try contents("f") == ByteBuffer(string: "helloworld"))
                    try await file.setAttributes(SFTPAttributes(size: 7))
                }
                #expect(try contents("f") == ByteBuffer(string: "hellowo"))
                #expect(try await session.attributes(of: path("f"), followsLinks: true).permissions == 0o100640)
                let full = await code {
                    try await session.withFile(Array("/dev/full".utf8), .overwriting) { file in
                        try await file.write(bytes(1000), at: 0)
                    }
                }
                #expect(full == .failure)
            }
            await pool.shutdown()
        }

        @Test("what was read is closed a moment later, though nobody asks for anything else")
        func closing() async throws {
            try make("f", bytes(10))
            try await pool.withSFTP(as: .current) { session in
                let process = try #require(server.sftpServers.first)
                try await session.withFile(path("f"), .reading) { _ in #expect(process.hasOpen("\(folder)/f")) }
                _ = try await listed(Array(folder.utf8), in: session)
                #expect(try await eventually { !process.hasOpen("\(folder)/f") && !process.hasOpen(folder) })
            }
            await pool.shutdown()
        }

        @Test("OpenSSH's server tells how much it takes at once")
        func limits() async throws {
            try await pool.withSFTP(as: .current) { session in
                #expect(session.client.abilities.limits.read == SFTPLimits.enough)
                #expect(session.client.abilities.limits.write == SFTPLimits.enough)
            }
            await pool.shutdown()
        }

        @Test("a slow reader is not sent more than a few pieces ahead")
        func backPressure() async throws {
            try make("f", bytes(8_000_000))
            try await pool.withSFTP(as: .current) { session in
                try await session.withFile(path("f"), .reading) { file in
                    var pieces = 0
                    _ = try await file.forEachPiece(of: 0..<8_000_000) { _ in
                        pieces += 1
                        guard pieces == 3 else { return }
                        // The server reads the file as far as it is asked to; then it stays there.
                        let process = try #require(server.sftpServers.first)
                        try await Task.sleep(for: .milliseconds(200))
                        let position = process.bytesRead
                        #expect(position < 4_000_000)
                        try await Task.sleep(for: .milliseconds(200))
                        #expect(process.bytesRead == position)
                    }
                    #expect(pieces >= 8_000_000 / SFTPLimits.enough)
                }
            }
            await pool.shutdown()
        }

        @Test("who writes is held back while the server takes nothing")
        func writingIsHeldBack() async throws {
            let pool = server.pool { $0.timeoutMargin = .zero }
            let piece = bytes(SFTPLimits.enough)
            var written = 0
            let code = await errorCode {
                try await pool.withSFTP(as: .current, timeout: .milliseconds(500)) { session in
                    try await session.withFile(path("f"), .creating(permissions: nil)) { file in
                        for process in server.sftpServers { process.stop() }
                        for number in 0..<10_000 as Range<UInt64> {
                            try await file.write(piece, at: number * UInt64(piece.readableBytes))
                            written += 1
                        }
                    }
                }
            }
            #expect(code == .timedOut)
            #expect(written <= SFTPWindow.maximum / piece.readableBytes)
            for process in server.sftpServers { process.resume() }
            await pool.shutdown()
        }

        // MARK: Sharing

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

        // MARK: Faults

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

extension SSHServer {
    var sftpServers: [OtherProcess] {
        descendants.filter { $0.command.first == Self.sftpServer }
    }
}

extension OtherProcess {
    /// Whether the process waits in open(2) for the other end of a FIFO.
    fileprivate var isBlocked: Bool {
        ((try? String(contentsOfFile: "/proc/\(id)/wchan", encoding: .utf8)) ?? "") == "wait_for_partner"
    }

    fileprivate func hasOpen(_ path: String) -> Bool {
        let folder = "/proc/\(id)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path }
    }

    /// How many bytes the process has read from anywhere.
    fileprivate var bytesRead: Int {
        let text = (try? String(contentsOfFile: "/proc/\(id)/io", encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isNewline).first.flatMap { Int($0.dropFirst("rchar: ".count)) } ?? 0
    }
}

/// The code of the server's refusal.
private func code(_ body: () async throws -> Void) async -> SFTPFailure.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? SFTPFailure)?.code
    }
}
