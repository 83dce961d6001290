import Foundation
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
    struct SFTPTests: SFTPSuite {
        let fixture: SFTPFixture

        init() throws {
            fixture = try SFTPFixture()
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
    }
}
