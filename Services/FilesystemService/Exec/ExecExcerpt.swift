import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// Reads the beginning or the end of a file by `head` and `tail`.
struct ExecExcerpt: Sendable {
    /// As much as is read before anything is passed on, so that an excerpt that turns out to be too long can be refused.
    static let maximumPrefetch = 8 * 1024 * 1024

    let excerpt: Excerpt
    let path: AbsolutePath
    /// The most bytes.
    let limit: Int
    let time: Duration

    func run(
        on ssh: SSHPool, as user: SSHUser, report: @escaping @Sendable (ContentStream<Void>.Piece) async throws -> Void
    ) async throws {
        let command = FileCommand.excerpt(excerpt, of: path).environment("LC_ALL", "C").limited(to: time)
        let whole = try await ssh.withProcess(command, as: user, timeout: time) { process -> [ByteBuffer]? in
            try await process.finishInput()
            let start = try await prefetch(process)
            if start.isWhole { return start.pieces }
            try await report(.head(()))
            try await pass(start.pieces, to: report)
            try await passRest(of: process, behind: start.count, to: report)
            return nil
        }
        // The channel is free for others before the client has taken anything.
        guard let whole else { return }
        try await report(.head(()))
        if !excerpt.isEmpty { try await pass(whole, to: report) }
    }

    private func prefetch(_ process: RemoteProcess) async throws -> (pieces: [ByteBuffer], count: Int, isWhole: Bool) {
        var pieces: [ByteBuffer] = []
        var count = 0
        while count <= min(limit, Self.maximumPrefetch) {
            guard let bytes = try await process.nextOutput() else {
                try await process.waitForExit().requireFileSuccess()
                return (pieces, count, true)
            }
            count += bytes.readableBytes
            pieces.append(bytes)
        }
        try check(count)
        return (pieces, count, false)
    }

    private func pass(_ pieces: [ByteBuffer], to report: (ContentStream<Void>.Piece) async throws -> Void) async throws {
        var rest = Array(pieces.reversed())
        while let piece = rest.popLast() { try await report(.bytes(piece)) }
    }

    private func passRest(
        of process: RemoteProcess, behind start: Int, to report: (ContentStream<Void>.Piece) async throws -> Void
    ) async throws {
        var count = start
        while let bytes = try await process.nextOutput() {
            count += bytes.readableBytes
            try check(count)
            try await report(.bytes(bytes))
        }
        try await process.waitForExit().requireFileSuccess()
    }

    private func check(_ count: Int) throws(APIError) {
        guard count <= limit else { throw .excerptTooLarge(limit: limit) }
    }
}
