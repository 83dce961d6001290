import NIOCore

/// File operations of one user over SFTP. Valid inside ``SSHPool/withSFTP(as:timeout:_:)`` only.
///
/// Every function throws ``SFTPFailure`` when the server refuses; ``SSHError`` when the request is not answered in its time, when the channel has
/// ended, or when a path cannot be sent since it has a NUL in it or is absurdly long; and `CancellationError`. A request that is given up may still
/// be carried out; that of a task which is cancelled already is sent all the same, so that it can tidy up, and its answer not awaited.
/// Paths are bytes, never interpreted here. The functions may be called by several tasks at once.
public struct SFTPSession: Sendable {
    let client: SFTPClient
    /// How long each request may wait for its reply.
    let timeout: TimeAmount

    /// What the path leads to, or with `followsLinks` false the symbolic link itself.
    public func attributes(of path: [UInt8], followsLinks: Bool) async throws -> SFTPAttributes {
        let path = try checked(path)
        return try await send(followsLinks ? .attributes(path) : .linkAttributes(path)).attributes()
    }

    /// Changes the attributes that are not nil. Links are followed.
    public func setAttributes(_ attributes: SFTPAttributes, of path: [UInt8]) async throws {
        try await send(.setAttributes(checked(path), attributes)).success()
    }

    public func readLink(_ path: [UInt8]) async throws -> [UInt8] {
        try await send(.readLink(checked(path))).name()
    }

    /// - Parameter permissions: Less what the server's umask takes away; nil for all that it leaves.
    public func makeDirectory(_ path: [UInt8], permissions: UInt32?) async throws {
        try await send(.makeDirectory(checked(path), SFTPAttributes(permissions: permissions))).success()
    }

    public func removeFile(_ path: [UInt8]) async throws {
        try await send(.remove(checked(path))).success()
    }

    /// Removes an empty directory.
    public func removeDirectory(_ path: [UInt8]) async throws {
        try await send(.removeDirectory(checked(path))).success()
    }

    public func makeSymbolicLink(_ link: [UInt8], to target: [UInt8]) async throws {
        try await send(.makeSymbolicLink(checked(link), to: checked(target))).success()
    }

    /// Renames a file or directory within one file system.
    ///
    /// - Parameter replaces: Whether a file with the new name is replaced, in one step as rename(2) does it; otherwise that fails.
    /// - Throws: ``SFTPFailure/Code/unsupported`` if it is to replace and the server cannot.
    public func rename(_ path: [UInt8], to target: [UInt8], replaces: Bool) async throws {
        let (path, target) = (try checked(path), try checked(target))
        guard replaces else { return try await send(.rename(path, to: target)).success() }
        guard replacesByRename else { throw SFTPFailure(.unsupported, "The server cannot replace a file by renaming another.") }
        try await send(.renameReplacing(path, to: target)).success()
    }

    /// Whether ``rename(_:to:replaces:)`` can replace a file.
    public var replacesByRename: Bool { client.abilities.renamesReplacing }

    /// Lists a directory in batches as the server sends them, in no order, without `.` and `..`. One batch more is asked for before `body` takes
    /// one.
    public func list(_ directory: [UInt8], _ body: ([SFTPEntry]) async throws -> Void) async throws {
        try await readNames(of: open(try checked(directory)), body)
    }

    /// Looks what a path leads to and lists it if it is a directory, asking for both at once.
    ///
    /// - Parameter followsLinks: Whether a symbolic link to a directory is one.
    /// - Returns: What is there, a directory or not.
    public func attributes(
        of path: [UInt8], followsLinks: Bool, listing body: ([SFTPEntry]) async throws -> Void
    ) async throws -> SFTPAttributes {
        let path = try checked(path)
        let look = client.send(followsLinks ? .attributes(path) : .linkAttributes(path), timeout: timeout, .withNext)
        let directory = open(path)
        // The last answer, so that this task is woken once and not four times.
        await directory.second.settled()
        let attributes: SFTPAttributes
        do {
            attributes = try await look.attributes()
        } catch {
            await close(directory.opening)
            throw error
        }
        guard attributes.isDirectory else {
            await close(directory.opening)
            return attributes
        }
        try await readNames(of: directory, body)
        return attributes
    }

    /// A directory that is being opened, and the first two batches of its names.
    private typealias OpeningDirectory = (opening: SFTPCall, first: SFTPCall, second: SFTPCall)

    private func open(_ directory: [UInt8]) -> OpeningDirectory {
        client.open(.openDirectory(directory), timeout: timeout) { .readDirectory(handle: $0) }
    }

    private func close(_ opening: SFTPCall) async {
        if let handle = try? await opening.handle() { close(handle) }
    }

    private func readNames(of directory: OpeningDirectory, _ body: ([SFTPEntry]) async throws -> Void) async throws {
        let handle = try await directory.opening.handle()
        defer { close(handle) }
        var (call, next) = (directory.first, directory.second)
        while let entries = try await call.names() {
            let others = entries.filter { $0.name != [UInt8(ascii: ".")] && $0.name != [UInt8(ascii: "."), UInt8(ascii: ".")] }
            if !others.isEmpty { try await body(others) }
            call = next
            if !next.isRefused { next = send(.readDirectory(handle: handle)) }
        }
    }

    /// Opens a file for the time that `body` takes. After writing it returns once the server has confirmed every write and the closing.
    public func withFile<Result: Sendable>(
        _ path: [UInt8], _ access: SFTPFile.Access, _ body: (SFTPFile) async throws -> Result
    ) async throws -> Result {
        let handle = try await send(access.request(for: checked(path))).handle()
        client.fileOpened()
        defer { client.fileClosed() }
        let file = SFTPFile(session: self, handle: handle)
        let result: Result
        do {
            result = try await body(file)
            try await file.flush()
        } catch {
            if access == .reading { close(handle) } else { _ = send(.close(handle: handle)) }
            throw error
        }
        if access == .reading { close(handle) } else { try await send(.close(handle: handle)).success() }
        return result
    }

    /// Closes what has been read without waiting for it.
    private func close(_ handle: [UInt8]) {
        _ = client.send(.close(handle: handle), timeout: timeout, .atLeisure)
    }

    func send(_ request: SFTPRequest) -> SFTPCall {
        client.send(request, timeout: timeout)
    }

    /// Far more than any system takes, and little enough that requests stay within the packets that servers take.
    private static let maximumPathLength = 32 * 1024

    /// A path that can be sent. On a NUL in a path OpenSSH's server ends, for all that goes on over its channel.
    private func checked(_ path: [UInt8]) throws -> [UInt8] {
        guard path.count <= Self.maximumPathLength else {
            throw SSHError(.invalidCommand, "The path is \(path.count) bytes long, more than the \(Self.maximumPathLength) that can be sent.")
        }
        guard !path.contains(0) else { throw SSHError(.invalidCommand, "A path cannot have a NUL in it.") }
        return path
    }
}

extension SFTPFile.Access {
    fileprivate func request(for path: [UInt8]) -> SFTPRequest {
        switch self {
        case .reading: .open(path, .read, SFTPAttributes())
        case .creating(let permissions): .open(path, [.write, .create, .exclusive], SFTPAttributes(permissions: permissions))
        case .overwriting: .open(path, [.write, .truncate], SFTPAttributes())
        }
    }
}
