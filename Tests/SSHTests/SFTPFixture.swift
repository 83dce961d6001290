import Foundation
import NIOCore
import Testing

@testable import GoldcrestSSH

/// A server, and a folder in which tests of SFTP work.
struct SFTPFixture {
    let server: SSHServer
    let pool: SSHPool
    let folder: String

    init() throws {
        server = try SSHServer()
        pool = server.pool { $0.reservesSFTPChannel = true }
        folder = server.folder.path + "/files"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }
}

/// Tests that work in a folder of their own.
protocol SFTPSuite {
    var fixture: SFTPFixture { get }
}

extension SFTPSuite {
    var server: SSHServer { fixture.server }
    var pool: SSHPool { fixture.pool }
    var folder: String { fixture.folder }

    func path(_ name: String) -> [UInt8] { Array("\(folder)/\(name)".utf8) }

    func listed(_ directory: [UInt8], in session: SFTPSession) async throws -> [SFTPEntry] {
        var all: [SFTPEntry] = []
        try await session.list(directory) { all += $0 }
        return all
    }

    func bytes(_ count: Int) -> ByteBuffer {
        var random = SplitMix(UInt64(count))
        var buffer = ByteBuffer()
        while buffer.readableBytes < count { buffer.writeInteger(random.next()) }
        return buffer.readSlice(length: count) ?? buffer
    }

    func make(_ name: String, _ contents: ByteBuffer) throws {
        try Data(contents.readableBytesView).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    func contents(_ name: String) throws -> ByteBuffer {
        ByteBuffer(bytes: try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
}

extension SSHServer {
    var sftpServers: [OtherProcess] {
        descendants.filter { $0.command.first == Self.sftpServer }
    }
}

extension OtherProcess {
    /// Whether the process waits in open(2) for the other end of a FIFO.
    var isBlocked: Bool {
        ((try? String(contentsOfFile: "/proc/\(id)/wchan", encoding: .utf8)) ?? "") == "wait_for_partner"
    }

    func hasOpen(_ path: String) -> Bool {
        let folder = "/proc/\(id)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.contains { (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path }
    }

    /// How many bytes the process has read from anywhere.
    var bytesRead: Int {
        let text = (try? String(contentsOfFile: "/proc/\(id)/io", encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isNewline).first.flatMap { Int($0.dropFirst("rchar: ".count)) } ?? 0
    }
}

/// The code of the server's refusal.
func code(_ body: () async throws -> Void) async -> SFTPFailure.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? SFTPFailure)?.code
    }
}
