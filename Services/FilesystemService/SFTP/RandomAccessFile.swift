import GoldcrestSSH
import NIOCore

/// A file whose bytes can be read at any place.
protocol RandomAccessFile: Sendable {
    /// The bytes of a range of at most 1 MiB, as many as the file has of it.
    func read(_ range: Range<UInt64>) async throws -> ByteBuffer

    /// Takes the bytes of a range in order, up to the end of the file.
    ///
    /// - Returns: How many bytes there were.
    func forEachPiece(of range: Range<UInt64>, _ body: (ByteBuffer) async throws -> Void) async throws -> UInt64
}

extension SFTPFile: RandomAccessFile {}
