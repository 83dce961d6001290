import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// File operations by commands over SSH: one exec each, with the tools that every Linux system has.
struct ExecFileSystem: FileSystemAccess {
    private let ssh: SSHPool
    /// The most bytes that a command may print, and a file may have.
    private let maximumSize: Int
    private let commandLimit: Duration
    /// How long it may take until content comes: waiting for a channel and logging in included.
    private let headTime: Duration

    /// What a command prints that says something of one file.
    private static let shortOutput = 64 * 1024
    /// Whoever follows a file gives up earlier.
    private static let longestFollowing = Duration.seconds(25 * 3600)

    init(ssh: SSHPool, cluster: Cluster) {
        self.ssh = ssh
        maximumSize = cluster.dataOperation.maxOpsFileSize
        let times = cluster.ssh.timeout
        commandLimit = times.commandExecution
        headTime = max(times.connection + times.login, commandLimit) + commandLimit + .seconds(5)
    }

    func list(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> FileEntries {
        let listing = try await listing(target, options, as: user)
        guard listing.hasUnknownEntries else { return FileEntries(listing.entries) }
        guard options.dereferences else { return FileEntries(listing.completed(by: nil)) }
        var plain = options
        plain.dereferences = false
        return FileEntries(listing.completed(by: try await self.listing(target, plain, as: user)))
    }

    private func listing(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> LongListing {
        let result = try await run(FileCommand.list(target, options), as: user, outputLimit: maximumSize)
        // When only parts of a directory cannot be shown, `ls` shows the others and fails at the end.
        if !(result.standardOutput.readableBytes > 0 && ListingComplaints.areHarmless(result.standardError)) {
            _ = try result.requireFileSuccess()
        }
        return try parsed(LongListing(parsing: Array(result.standardOutput.readableBytesView), root: target.argument), by: "ls")
    }

    func stat(_ path: AbsolutePath, dereferences: Bool, as user: SSHUser) async throws -> FileStat {
        let output = try await output(of: FileCommand.stat(path, dereferences: dereferences), as: user)
        return try parsed(FileStat(parsing: output.readableBytesView), by: "stat")
    }

    func checksum(_ path: AbsolutePath, by algorithm: ChecksumAlgorithm, as user: SSHUser) async throws -> FileChecksum {
        let output = try await output(of: FileCommand.checksum(path, by: algorithm), as: user)
        return try parsed(FileChecksum(parsing: output.readableBytesView, by: algorithm), by: algorithm.program)
    }

    func fileType(_ path: AbsolutePath, as user: SSHUser) async throws -> String {
        let output = try await output(of: FileCommand.fileType(path), as: user)
        return try FileTypeText.read(output)
    }

    func makeDirectory(_ path: AbsolutePath, withParents: Bool, as user: SSHUser) async throws -> FileEntry {
        try await change(path, by: FileCommand.makeDirectory(path, withParents: withParents), as: user)
    }

    func makeSymbolicLink(_ link: AbsolutePath, to target: AbsolutePath, as user: SSHUser) async throws -> FileEntry {
        try await change(link, by: FileCommand.makeSymbolicLink(link, to: target), as: user)
    }

    func changeMode(_ path: AbsolutePath, to mode: FileMode, as user: SSHUser) async throws -> FileEntry {
        try await change(path, by: FileCommand.changeMode(path, to: mode), as: user)
    }

    func changeOwner(_ path: AbsolutePath, to ownership: Ownership, as user: SSHUser) async throws -> FileEntry {
        try await change(path, by: FileCommand.changeOwner(path, to: ownership), as: user)
    }

    private func change(_ path: AbsolutePath, by command: RemoteCommand, as user: SSHUser) async throws -> FileEntry {
        try entry(in: try await output(of: .allOf([command, FileCommand.entry(path)]), as: user))
    }

    func remove(_ path: AbsolutePath, as user: SSHUser) async throws {
        _ = try await output(of: FileCommand.remove(path), as: user)
    }

    func open(_ excerpt: Excerpt, of path: AbsolutePath, limit: Int, as user: SSHUser) async throws -> ContentStream<Void> {
        let transferTime = TransferTime.limit(forBytes: limit, command: commandLimit)
        // What is read before anything is passed on waits for no client.
        let time = limit <= ExecExcerpt.maximumPrefetch ? commandLimit : transferTime
        let transfer = ExecExcerpt(excerpt: excerpt, path: path, limit: limit, time: time)
        let ssh = ssh
        return try await ContentStream(within: transferTime + .seconds(5), headWithin: headTime) { report in
            try await transfer.run(on: ssh, as: user, report: report)
        }
    }

    func open(
        _ path: AbsolutePath, as user: SSHUser, choosing choose: @escaping @Sendable (FileVersion) throws -> Range<Int>?
    ) async throws -> ContentStream<OpenedFile> {
        let time = TransferTime.limit(forBytes: maximumSize, command: commandLimit)
        let transfer = ExecDownload(path: path, time: time, choose: choose)
        let ssh = ssh
        // The far side gives up first, and says so.
        return try await ContentStream(within: time + .seconds(5), headWithin: headTime) { report in
            try await transfer.run(on: ssh, as: user, report: report)
        }
    }

    func write<Content: AsyncSequence>(
        _ content: Content, to name: FileName, in directory: AbsolutePath, as user: SSHUser
    ) async throws where Content.Element == ByteBuffer {
        let time = TransferTime.limit(forBytes: maximumSize, command: commandLimit)
        let transfer = ExecUpload(directory: directory, name: name, limit: maximumSize, time: time)
        try await transfer.run(content, on: ssh, as: user)
    }

    func follow(
        _ path: AbsolutePath, from excerpt: Excerpt, as user: SSHUser, _ body: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        guard excerpt.unit == .bytes, excerpt.extent == .allBut else { throw APIError(.notImplemented, "A file is followed from an offset only") }
        try await ExecFollow(path: path, offset: excerpt.count, time: Self.longestFollowing).run(on: ssh, as: user, body)
    }

    func copy(
        _ source: AbsolutePath, to target: AbsolutePath, dereferences: Bool, limit: Int, as user: SSHUser
    ) async throws -> FileEntry {
        let command = CopyScript.copy(source, to: target, dereferences: dereferences, limit: limit)
        return try entry(in: try await output(of: command, moving: limit, as: user))
    }

    func move(_ source: AbsolutePath, to target: AbsolutePath, limit: Int, as user: SSHUser) async throws -> FileEntry {
        try entry(in: try await output(of: CopyScript.move(source, to: target, limit: limit), moving: limit, as: user))
    }

    func compress(_ archive: ArchiveRequest, as user: SSHUser) async throws {
        let command = ArchiveCommand.compress(archive, limit: maximumSize, word: UniqueWord.make())
        _ = try await output(of: command, moving: maximumSize, as: user)
    }

    func extract(_ archive: AbsolutePath, into directory: AbsolutePath, compression: Compression, as user: SSHUser) async throws {
        let command = ArchiveCommand.extract(
            archive, into: directory, compression: compression, limit: maximumSize, word: UniqueWord.make())
        _ = try await output(of: command, moving: maximumSize, as: user)
    }

    // MARK: - Commands

    private func output(of command: RemoteCommand, as user: SSHUser, limit: Int = shortOutput) async throws -> ByteBuffer {
        try await run(command, as: user, outputLimit: limit).requireFileSuccess()
    }

    /// The same for a command that may move as many bytes.
    private func output(of command: RemoteCommand, moving bytes: Int, as user: SSHUser) async throws -> ByteBuffer {
        let timed = command.environment("LC_ALL", "C").limited(to: TransferTime.limit(forBytes: bytes, command: commandLimit))
        return try await ssh.run(timed, as: user, outputLimit: Self.shortOutput).requireFileSuccess()
    }

    private func run(_ command: RemoteCommand, as user: SSHUser, outputLimit: Int) async throws -> RemoteResult {
        try await ssh.run(command.environment("LC_ALL", "C"), as: user, outputLimit: outputLimit)
    }

    /// What `ls -d` says of a file itself.
    private func entry(in output: ByteBuffer) throws -> FileEntry {
        try parsed(LongListing(parsing: Array(output.readableBytesView), root: [])?.entries.first, by: "ls")
    }

    private func parsed<Value>(_ value: Value?, by program: String) throws -> Value {
        guard let value else {
            throw APIError(.internalServerError, "The system's `\(program)` printed something that isn't understood; GNU coreutils are needed there")
        }
        return value
    }
}
