import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// Reads one file: `stat` and `head` in one exec, the size and the content on one stream.
struct ExecDownload: Sendable {
    let path: AbsolutePath
    /// The largest file, in bytes.
    let limit: Int
    let time: Duration

    func run(
        on ssh: SSHPool, as user: SSHUser, report: @Sendable (FileDownload.Piece) async throws -> Void
    ) async throws {
        let look = FileCommand.typeAndSize(path)
        // Opening a pipe would wait for its other end, also when nobody waits for us any more.
        let isFile = RemoteCommand("test", "-f", path)
        let show = FileCommand.content(path, limit: limit)
        let command = RemoteCommand.allOf([look, isFile, show]).environment("LC_ALL", "C").limited(to: time)
        try await ssh.withProcess(command, as: user, timeout: time) { process in
            try await read(process, report: report)
        }
    }

    private func read(_ process: RemoteProcess, report: @Sendable (FileDownload.Piece) async throws -> Void) async throws {
        try await process.finishInput()
        var (size, content) = try await readHead(process)
        // Only the first byte, or the end, tells whether the file could be read.
        if content.readableBytes == 0 {
            guard let first = try await process.nextOutput() else {
                try await process.waitForExit().requireFileSuccess()
                guard size == 0 else { throw APIError(.internalServerError, "The file \(path) became shorter while it was read") }
                return try await report(.size(0))
            }
            content = first
        }
        try await report(.size(size))
        while size > 0 {
            // A file that grows meanwhile is shown as long as it was.
            if let bytes = content.readSlice(length: min(size, content.readableBytes)), bytes.readableBytes > 0 {
                size -= bytes.readableBytes
                try await report(.bytes(bytes))
            }
            if size > 0 {
                guard let next = try await process.nextOutput() else {
                    throw APIError(.internalServerError, "The file \(path) became shorter while it was read")
                }
                content = next
            }
        }
    }

    /// Reads the line of `stat`.
    ///
    /// - Returns: The file's size, and what of its content came with the line.
    private func readHead(_ process: RemoteProcess) async throws -> (size: Int, rest: ByteBuffer) {
        var buffer = ByteBuffer()
        while let bytes = try await process.nextOutput() {
            buffer.writeImmutableBuffer(bytes)
            guard let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else {
                guard buffer.readableBytes < 100 else { break }
                continue
            }
            let words = buffer.readString(length: end - buffer.readerIndex)?.split(separator: " ") ?? []
            buffer.moveReaderIndex(forwardBy: 1)
            guard words.count == 2, let mode = UInt64(words[0], radix: 16), let size = Int(words[1]) else { break }
            try check(FileKind(mode: mode), size: size)
            return (size, buffer)
        }
        try await process.waitForExit().requireFileSuccess()
        throw APIError(.internalServerError, "The system's `stat` printed something that isn't understood; GNU coreutils are needed there")
    }

    private func check(_ kind: FileKind, size: Int) throws(APIError) {
        switch kind {
        case .regular:
            if size > limit { throw .fileTooLarge(limit: limit) }
        case .directory:
            throw APIError(.badRequest, "Remote process failed with exit status:1 and error message:cat: \(path): Is a directory")
        case .symbolicLink, .special:
            throw APIError(.badRequest, "Remote process failed with exit status:1 and error message:cat: \(path): Not a regular file")
        }
    }
}
