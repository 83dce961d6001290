import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// Sends one file through ``UploadScript``.
struct ExecUpload {
    let directory: AbsolutePath
    let name: FileName
    /// The largest file, in bytes.
    let limit: Int
    let time: Duration

    func run<Content: AsyncSequence>(_ content: Content, on ssh: SSHPool, as user: SSHUser) async throws where Content.Element == ByteBuffer {
        let target = try directory.appending(name.bytes)
        let word = UniqueWord.make()
        let command = RemoteCommand("sh", "-c", UploadScript.text, "upload", target, word).environment("LC_ALL", "C").limited(to: time)
        do {
            try await upload(content, by: command, on: ssh, as: user)
        } catch where Self.leavesOpen(error) {
            let removal = RemoteCommand("sh", "-c", UploadScript.removal, "upload", target, word)
            _ = try? await ssh.run(removal, as: user, outputLimit: 0)
            throw error
        }
    }

    /// Whether nobody knows if the script could still remove what it had: it was killed, or is out of reach.
    private static func leavesOpen(_ error: any Error) -> Bool {
        switch error {
        case let failure as RemoteCommandFailure: failure.exitStatus >= 128
        case let failure as SSHError: failure.code == .connectionLost
        default: false
        }
    }

    private func upload<Content: AsyncSequence>(
        _ content: Content, by command: RemoteCommand, on ssh: SSHPool, as user: SSHUser
    ) async throws where Content.Element == ByteBuffer {
        try await ssh.withProcess(command, as: user, timeout: time) { process in
            do {
                try await send(content, to: process)
            } catch {
                // The script takes an early end for what it is and removes what it has; the client is told when that is done.
                try? await process.finishInput()
                _ = try? await process.waitForExit()
                throw error
            }
            try await process.finishInput()
            try await process.waitForExit().requireFileSuccess()
        }
    }

    private func send<Content: AsyncSequence>(_ content: Content, to process: RemoteProcess) async throws where Content.Element == ByteBuffer {
        var piece = ByteBuffer()
        var total = 0
        // The server closes connections that say nothing at all; this ends those that go on too slowly.
        let deadline = ContinuousClock.now + time
        for try await bytes in content {
            total += bytes.readableBytes
            guard total <= limit else { throw APIError.fileTooLarge(limit: limit) }
            guard ContinuousClock.now < deadline else { throw APIError(.requestTimeout, "The upload took longer than \(time)") }
            piece.writeImmutableBuffer(bytes)
            if piece.readableBytes >= UploadScript.maximumPiece {
                try await process.write(Self.framed(piece))
                piece.clear()
            }
        }
        var end = piece.readableBytes > 0 ? Self.framed(piece) : ByteBuffer()
        end.writeString("0\n")
        try await process.write(end)
    }

    private static func framed(_ piece: ByteBuffer) -> ByteBuffer {
        var frame = ByteBuffer(string: "\(piece.readableBytes)\n")
        frame.writeImmutableBuffer(piece)
        return frame
    }
}

extension APIError {
    static func fileTooLarge(limit: Int) -> APIError {
        APIError(.contentTooLarge, "The file is larger than \(limit) bytes, the system's limit for file operations; use a transfer instead")
    }
}
