import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// Reads a part of one file by ``DownloadScript``.
struct ExecDownload: Sendable {
    let path: AbsolutePath
    let time: Duration
    let choose: @Sendable (FileVersion) throws -> Range<Int>?

    func run(
        on ssh: SSHPool, as user: SSHUser, report: @Sendable (ContentStream<OpenedFile>.Piece) async throws -> Void
    ) async throws {
        let command = RemoteCommand("sh", "-c", DownloadScript.text, "download", path).environment("LC_ALL", "C").limited(to: time)
        try await ssh.withProcess(command, as: user, timeout: time) { process in
            let version = try await look(process)
            let chosen = try choose(version)
            guard let range = chosen, !range.isEmpty else {
                return try await report(.head(OpenedFile(version: version, range: chosen)))
            }
            try await process.write(ByteBuffer(string: "\(range.lowerBound) \(range.count)\n"))
            try await process.finishInput()
            // Only the first bytes, or the end, tell whether the file can be read.
            var next = try await process.nextOutput()
            if next == nil { try await process.waitForExit().requireFileSuccess() }
            try await report(.head(OpenedFile(version: version, range: range)))
            var rest = range.count
            while rest > 0, let bytes = next {
                rest -= bytes.readableBytes
                try await report(.bytes(bytes))
                next = try await process.nextOutput()
            }
            guard rest == 0 else { throw APIError(.internalServerError, "The file \(path) became shorter while it was read") }
        }
    }

    private func look(_ process: RemoteProcess) async throws -> FileVersion {
        var lines = ProcessLines(process, maximumLength: 4096)
        guard let line = try await lines.next() else {
            try await process.waitForExit().requireFileSuccess()
            throw Self.notUnderstood
        }
        guard let stat = FileStat(parsing: line.readableBytesView) else { throw Self.notUnderstood }
        try requireRegular(stat.kind)
        return FileVersion(size: Int(stat.size), modified: stat.mtime)
    }

    private static let notUnderstood = APIError(
        .internalServerError, "The system's `stat` printed something that isn't understood; GNU coreutils are needed there")

    private func requireRegular(_ kind: FileKind) throws(APIError) {
        switch kind {
        case .regular: return
        case .directory:
            throw APIError(.badRequest, "Remote process failed with exit status:1 and error message:cat: \(path): Is a directory")
        case .symbolicLink, .special:
            throw APIError(.badRequest, "Remote process failed with exit status:1 and error message:cat: \(path): Not a regular file")
        }
    }
}
