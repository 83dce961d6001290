import GoldcrestProtocol
import GoldcrestSSH
import NIOCore

/// File operations on one system, as a user of it, whatever does them: commands today, SFTP where the server has it.
///
/// Paths have been checked against the system's file systems. The user's own permissions decide the rest.
/// Every operation throws an error that is ``APIErrorConvertible``, with the words of the command that failed, or would have.
protocol FileSystemAccess: Sendable {
    /// The entries of a directory, or the one of a file, in the order of the C locale.
    func list(_ target: ListingTarget, _ options: ListingOptions, as user: SSHUser) async throws -> [FileEntry]

    func stat(_ path: AbsolutePath, dereferences: Bool, as user: SSHUser) async throws -> FileStat

    func read(_ excerpt: Excerpt, of path: AbsolutePath, as user: SSHUser) async throws -> ByteBuffer

    /// At most `size` bytes from `offset` on; nothing beyond the file's end.
    func read(_ path: AbsolutePath, offset: Int, size: Int, as user: SSHUser) async throws -> ByteBuffer

    func checksum(_ path: AbsolutePath, as user: SSHUser) async throws -> FileChecksum

    /// What `file` says of the content.
    func fileType(_ path: AbsolutePath, as user: SSHUser) async throws -> String

    /// - Parameter withParents: Makes missing directories above as well, and takes an existing one.
    func makeDirectory(_ path: AbsolutePath, withParents: Bool, as user: SSHUser) async throws -> FileEntry

    /// Removes a file, or a directory with everything in it.
    func remove(_ path: AbsolutePath, as user: SSHUser) async throws

    /// Opens a regular file of at most `limit` bytes.
    func open(_ path: AbsolutePath, limit: Int, as user: SSHUser) async throws -> FileDownload

    /// Writes a file, replacing one that is there, in one step once `content` has ended: whatever fails before leaves everything as it was.
    func write<Content: AsyncSequence>(
        _ content: Content, to name: FileName, in directory: AbsolutePath, as user: SSHUser
    ) async throws where Content.Element == ByteBuffer
}
