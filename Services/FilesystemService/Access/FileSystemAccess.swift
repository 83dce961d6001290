import GoldcrestProtocol
import GoldcrestSSH
import NIOCore

/// File operations on one system, as a user of it, whatever does them: SFTP where the server has it, commands otherwise.
///
/// Paths have been checked against the system's file systems. The user's own permissions decide the rest.
/// Every operation throws an error that is ``APIErrorConvertible``, with the words of the command that failed, or would have.
protocol FileSystemAccess: Sendable {
    // MARK: Looking

    /// The entries of a directory, or the one of a file, in the order of the C locale.
    func list(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> FileEntries

    func stat(_ path: AbsolutePath, dereferences: Bool, as user: SSHUser) async throws -> FileStat

    func checksum(_ path: AbsolutePath, by algorithm: ChecksumAlgorithm, as user: SSHUser) async throws -> FileChecksum

    /// What `file` says of the content.
    func fileType(_ path: AbsolutePath, as user: SSHUser) async throws -> String

    // MARK: Content

    /// The beginning or the end of a file.
    ///
    /// - Parameter limit: The most bytes. More is ``APIError`` 413, or, when it shows only later, the end of the stream with that error.
    func open(_ excerpt: Excerpt, of path: AbsolutePath, limit: Int, as user: SSHUser) async throws -> ContentStream<Void>

    /// Opens a regular file and reads the part of it that `choose` picks when it learns what the file is: nil for nothing of it. What `choose`
    /// throws, this throws.
    func open(
        _ path: AbsolutePath, as user: SSHUser, choosing choose: @escaping @Sendable (FileVersion) throws -> Range<Int>?
    ) async throws -> ContentStream<OpenedFile>

    /// Writes a file, replacing one that is there, in one step once `content` has ended: whatever fails before leaves everything as it was.
    func write<Content: AsyncSequence>(
        _ content: Content, to name: FileName, in directory: AbsolutePath, as user: SSHUser
    ) async throws where Content.Element == ByteBuffer

    /// Shows what is appended to a file: first `excerpt`, then whatever is added, until `body` throws. Returns when the file was truncated or
    /// another one stands in its place, after all that was left of the old one; then following it from the beginning shows the rest.
    ///
    /// - Parameter excerpt: A tail in bytes; where lines begin must be found out before, as only offsets tell where to resume.
    func follow(
        _ path: AbsolutePath, from excerpt: Excerpt, as user: SSHUser, _ body: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws

    // MARK: Changing

    /// - Parameter withParents: Makes missing directories above as well, and takes an existing one.
    func makeDirectory(_ path: AbsolutePath, withParents: Bool, as user: SSHUser) async throws -> FileEntry

    /// - Parameter target: What the link shall hold.
    func makeSymbolicLink(_ link: AbsolutePath, to target: AbsolutePath, as user: SSHUser) async throws -> FileEntry

    func changeMode(_ path: AbsolutePath, to mode: FileMode, as user: SSHUser) async throws -> FileEntry

    func changeOwner(_ path: AbsolutePath, to ownership: Ownership, as user: SSHUser) async throws -> FileEntry

    /// Copies a file, or a directory with everything in it.
    ///
    /// - Parameters:
    ///   - target: Its name, or a directory to put it in.
    ///   - dereferences: Copies what symbolic links lead to instead of the links.
    ///   - limit: The most bytes that all files together may have; more is ``APIError`` 413.
    /// - Returns: The entry of the copy.
    func copy(
        _ source: AbsolutePath, to target: AbsolutePath, dereferences: Bool, limit: Int, as user: SSHUser
    ) async throws -> FileEntry

    /// Moves a file or a directory, as `mv` does.
    ///
    /// - Parameters:
    ///   - target: Its new name, or a directory to put it in.
    ///   - limit: The most bytes that all files together may have where they must be copied, into another file system; more is 413.
    /// - Returns: The entry of what was moved, under its new name.
    func move(_ source: AbsolutePath, to target: AbsolutePath, limit: Int, as user: SSHUser) async throws -> FileEntry

    /// Removes a file, or a directory with everything in it.
    func remove(_ path: AbsolutePath, as user: SSHUser) async throws

    // MARK: Archives

    func compress(_ archive: ArchiveRequest, as user: SSHUser) async throws

    func extract(_ archive: AbsolutePath, into directory: AbsolutePath, compression: Compression, as user: SSHUser) async throws
}
