import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

/// Sends one file into a temporary file beside its target, and puts that in the target's place once it is complete.
///
/// What holds is what ``UploadScript`` says. Cases that need more than a rename are left to it: links, other owners' files, directories in which
/// nothing can be made.
struct SFTPUpload {
    let target: AbsolutePath
    /// The largest file, in bytes.
    let limit: Int
    let time: Duration
    private let temporary: [UInt8]

    init(directory: AbsolutePath, name: FileName, limit: Int, time: Duration) throws {
        target = try directory.appending(name.bytes)
        self.limit = limit
        self.time = time
        let slash = directory.isRoot ? [] : [UInt8(ascii: "/")]
        temporary = directory.bytes + slash + ".goldcrest-upload-\(UniqueWord.make())".utf8
    }

    /// How far it has come.
    private struct Progress {
        /// There may be a temporary file.
        var hasBegun = false
        /// Some of the content has been taken, so that it cannot be sent in another way.
        var hasTakenContent = false
    }

    /// - Throws: ``BeyondSFTP`` or `SFTPFailure` while nothing of the content has been taken, so that it can be sent in another way.
    func run<Content: AsyncSequence>(_ content: Content, on ssh: SSHPool, as user: SSHUser) async throws where Content.Element == ByteBuffer {
        var progress = Progress()
        do {
            try await ssh.withSFTP(as: user) { session in
                try await run(content, by: session, &progress)
            }
        } catch {
            if progress.hasBegun { await removeTemporary(on: ssh, as: user) }
            if let failure = error as? SFTPFailure, progress.hasTakenContent { throw failure.answer(doing: "upload: cannot write '\(target)'") }
            throw error
        }
    }

    private func run<Content: AsyncSequence>(
        _ content: Content, by session: SFTPSession, _ progress: inout Progress
    ) async throws where Content.Element == ByteBuffer {
        guard session.replacesByRename else { throw BeyondSFTP() }
        let existing = try await existingFile(by: session)
        progress.hasBegun = true
        // Nobody else may read what has not got the existing file's mode yet.
        try await session.withFile(temporary, .creating(permissions: existing == nil ? nil : 0o600)) { file in
            if let existing { try await giveOwners(of: existing, to: file) }
            progress.hasTakenContent = true
            try await send(content, to: file)
            // Last, as writing takes away the bits that let others run as the owner.
            if let mode = existing?.permissions { try await file.setAttributes(SFTPAttributes(permissions: mode & 0o7777)) }
        }
        try await session.rename(temporary, to: target.bytes, replaces: true)
    }

    /// The file that is to be replaced; nil if there is none.
    private func existingFile(by session: SFTPSession) async throws -> SFTPAttributes? {
        do {
            let attributes = try await session.attributes(of: target.bytes, followsLinks: false)
            guard let mode = attributes.permissions, FileModeText(mode).isRegular, mode & Self.writableByOwner != 0, attributes.owner != nil else {
                throw BeyondSFTP()
            }
            return attributes
        } catch let failure as SFTPFailure where failure.code == .noSuchFile {
            return nil
        }
    }

    private static let writableByOwner: UInt32 = 0o200

    private func giveOwners(of existing: SFTPAttributes, to file: SFTPFile) async throws {
        // Who the user is shows in what the user makes.
        let new = try await file.attributes().owner
        guard let old = existing.owner, let new, old.uid == new.uid else { throw BeyondSFTP() }
        if old.gid != new.gid { try await file.setAttributes(SFTPAttributes(owner: old)) }
    }

    private func send<Content: AsyncSequence>(_ content: Content, to file: SFTPFile) async throws where Content.Element == ByteBuffer {
        var piece = ByteBuffer()
        var offset = 0
        // The server closes connections that say nothing at all; this ends those that go on too slowly.
        let deadline = ContinuousClock.now + time
        for try await var bytes in content {
            guard offset + piece.readableBytes + bytes.readableBytes <= limit else { throw APIError.fileTooLarge(limit: limit) }
            guard ContinuousClock.now < deadline else { throw APIError(.requestTimeout, "The upload took longer than \(time)") }
            while let part = bytes.readSlice(length: min(bytes.readableBytes, file.writeLength - piece.readableBytes)), part.readableBytes > 0 {
                piece.writeImmutableBuffer(part)
                guard piece.readableBytes == file.writeLength else { continue }
                try await file.write(piece, at: UInt64(offset))
                offset += piece.readableBytes
                piece = ByteBuffer()
            }
        }
        try await file.write(piece, at: UInt64(offset))
    }

    // MARK: - The temporary file

    private static let removalTime = Duration.seconds(5)

    /// Also when the upload has been cancelled or its connection is gone, so by a task of its own and perhaps another connection.
    private func removeTemporary(on ssh: SSHPool, as user: SSHUser) async {
        await Task {
            try? await ssh.withSFTP(as: user, timeout: Self.removalTime) { try await $0.removeFile(temporary) }
        }.value
    }
}
