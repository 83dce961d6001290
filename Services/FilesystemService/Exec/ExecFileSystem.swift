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

    /// What a command prints that says something of one file.
    private static let shortOutput = 64 * 1024

    init(ssh: SSHPool, cluster: Cluster) {
        self.ssh = ssh
        maximumSize = cluster.dataOperation.maxOpsFileSize
        commandLimit = cluster.ssh.timeout.commandExecution
    }

    func list(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> [FileEntry] {
        let listing = try await listing(target, options, as: user)
        guard listing.hasUnknownEntries else { return listing.entries }
        guard options.dereferences else { return listing.completed(by: nil) }
        var plain = options
        plain.dereferences = false
        return listing.completed(by: try await self.listing(target, plain, as: user))
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

    func read(_ excerpt: Excerpt, of path: AbsolutePath, as user: SSHUser) async throws -> ByteBuffer {
        let output = try await output(of: FileCommand.excerpt(excerpt, of: path), as: user, limit: maximumSize)
        return excerpt.isEmpty ? ByteBuffer() : output
    }

    func read(_ path: AbsolutePath, offset: Int, size: Int, as user: SSHUser) async throws -> ByteBuffer {
        try await output(of: FileCommand.view(path, offset: offset, size: size), as: user, limit: maximumSize)
    }

    func checksum(_ path: AbsolutePath, as user: SSHUser) async throws -> FileChecksum {
        let output = try await output(of: FileCommand.checksum(path), as: user)
        return try parsed(FileChecksum(parsing: output.readableBytesView), by: "sha256sum")
    }

    func fileType(_ path: AbsolutePath, as user: SSHUser) async throws -> String {
        let output = try await output(of: FileCommand.fileType(path), as: user)
        return try FileTypeText.read(output)
    }

    func makeDirectory(_ path: AbsolutePath, withParents: Bool, as user: SSHUser) async throws -> FileEntry {
        let make = FileCommand.makeDirectory(path, withParents: withParents)
        let output = try await output(of: .allOf([make, FileCommand.entry(path)]), as: user)
        let listing = LongListing(parsing: Array(output.readableBytesView), root: path.bytes)
        return try parsed(listing?.entries.first, by: "ls")
    }

    func remove(_ path: AbsolutePath, as user: SSHUser) async throws {
        _ = try await output(of: FileCommand.remove(path), as: user)
    }

    func open(_ path: AbsolutePath, limit: Int, as user: SSHUser) async throws -> FileDownload {
        let time = TransferTime.limit(forBytes: limit, command: commandLimit)
        let transfer = ExecDownload(path: path, limit: limit, time: time)
        let ssh = ssh
        // The far side gives up first, and says so.
        return try await FileDownload(within: time + .seconds(5)) { report in
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

    // MARK: - Commands

    private func output(of command: RemoteCommand, as user: SSHUser, limit: Int = shortOutput) async throws -> ByteBuffer {
        try await run(command, as: user, outputLimit: limit).requireFileSuccess()
    }

    private func run(_ command: RemoteCommand, as user: SSHUser, outputLimit: Int) async throws -> RemoteResult {
        try await ssh.run(command.environment("LC_ALL", "C").limited(to: commandLimit), as: user, outputLimit: outputLimit)
    }

    private func parsed<Value>(_ value: Value?, by program: String) throws -> Value {
        guard let value else {
            throw APIError(.internalServerError, "The system's `\(program)` printed something that isn't understood; GNU coreutils are needed there")
        }
        return value
    }
}
