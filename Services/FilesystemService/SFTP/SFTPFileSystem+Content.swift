import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore

extension SFTPFileSystem {
    func open(_ excerpt: Excerpt, of path: AbsolutePath, limit: Int, as user: SSHUser) async throws -> ContentStream<Void> {
        let ssh = ssh
        return try await preferringSFTP {
            try await ContentStream(within: TransferTime.limit(forBytes: limit, command: commandLimit)) { report in
                try await ssh.withSFTP(as: user) { session in
                    try await session.withRegularFile(path) { file, attributes in
                        let (size, firstRead) = try await file.firstRead(of: excerpt, expecting: attributes)
                        var search = ExcerptSearch(excerpt, of: file, size: size, limit: limit, firstRead: firstRead)
                        let range = try await search.range()
                        try await report(.head(()))
                        if let bytes = search.bytes(of: range) { return try await report(.bytes(bytes)) }
                        try await file.report(range, of: path) { try await report(.bytes($0)) }
                    }
                }
            }
        } otherwise: {
            try await commands.open(excerpt, of: path, limit: limit, as: user)
        }
    }

    func open(
        _ path: AbsolutePath, as user: SSHUser, choosing choose: @escaping @Sendable (FileVersion) throws -> Range<Int>?
    ) async throws -> ContentStream<OpenedFile> {
        let ssh = ssh
        return try await preferringSFTP {
            try await ContentStream(within: TransferTime.limit(forBytes: maximumSize, command: commandLimit)) { report in
                try await ssh.withSFTP(as: user) { session in
                    try await session.withRegularFile(path) { file, _ in
                        let version = try FileVersion(try await file.attributes())
                        let range = try choose(version)
                        try await report(.head(OpenedFile(version: version, range: range)))
                        if let range { try await file.report(range, of: path) { try await report(.bytes($0)) } }
                    }
                }
            }
        } otherwise: {
            try await commands.open(path, as: user, choosing: choose)
        }
    }

    func write<Content: AsyncSequence>(
        _ content: Content, to name: FileName, in directory: AbsolutePath, as user: SSHUser
    ) async throws where Content.Element == ByteBuffer {
        let time = TransferTime.limit(forBytes: maximumSize, command: commandLimit)
        let transfer = try SFTPUpload(directory: directory, name: name, limit: maximumSize, time: time)
        try await preferringSFTP {
            try await transfer.run(content, on: ssh, as: user)
        } otherwise: {
            try await commands.write(content, to: name, in: directory, as: user)
        }
    }
}

extension FileVersion {
    /// - Throws: ``BeyondSFTP`` when the server does not say.
    fileprivate init(_ attributes: SFTPAttributes) throws(BeyondSFTP) {
        guard let size = attributes.size.flatMap(Int.init(exactly:)), let modified = attributes.times?.modified else { throw BeyondSFTP() }
        self.init(size: size, modified: Int64(modified))
    }
}

extension SFTPSession {
    /// Opens a file, but nothing else: opening a pipe makes the server wait for its other end, and answer nothing meanwhile.
    fileprivate func withRegularFile<Result: Sendable>(
        _ path: AbsolutePath, _ body: (SFTPFile, SFTPAttributes) async throws -> Result
    ) async throws -> Result {
        let attributes = try await attributes(of: path.bytes, followsLinks: true)
        guard let mode = attributes.permissions, FileModeText(mode).isRegular else { throw BeyondSFTP() }
        return try await withFile(path.bytes, .reading) { try await body($0, attributes) }
    }
}

extension SFTPFile {
    /// The file's size, and what is read first of it.
    ///
    /// - Parameter expected: What was there just before it was opened: so both can be asked for at once.
    fileprivate func firstRead(of excerpt: Excerpt, expecting expected: SFTPAttributes) async throws -> (size: Int, bytes: ByteBuffer) {
        let size = try FileVersion(expected).size
        let range = ExcerptSearch<Self>.firstRange(of: excerpt, size: size)
        async let attributes = attributes()
        // Files that the kernel makes up while they are read say that they are empty.
        async let bytes = read(size > 0 ? UInt64(range.lowerBound)..<UInt64(range.upperBound) : 0..<1)
        let isSame = try await FileVersion(attributes).size == size
        let firstRead = try await bytes
        // What became another file meanwhile, or does not say what it holds, is left to the command.
        guard isSame, firstRead.readableBytes == range.count else { throw BeyondSFTP() }
        return (size, firstRead)
    }

    /// Pieces of SFTP are small, and each that is handed over costs a change of tasks.
    private static let gatheredLength = 128 * 1024

    /// Hands over the bytes of a range, once the head has been reported.
    fileprivate func report(_ range: Range<Int>, of path: AbsolutePath, _ body: (ByteBuffer) async throws -> Void) async throws {
        if range.isEmpty { return }
        do {
            var gathered = ByteBuffer()
            let count = try await forEachPiece(of: UInt64(range.lowerBound)..<UInt64(range.upperBound)) { piece in
                if gathered.readableBytes == 0 { gathered = piece } else { gathered.writeImmutableBuffer(piece) }
                guard gathered.readableBytes >= Self.gatheredLength else { return }
                try await body(gathered)
                gathered = ByteBuffer()
            }
            if gathered.readableBytes > 0 { try await body(gathered) }
            guard count == range.count else { throw APIError(.internalServerError, "The file \(path) became shorter while it was read") }
        } catch let failure as SFTPFailure {
            throw failure.answer(doing: "cat: \(path)")
        }
    }
}
