import DequeModule
public import NIOCore

/// An open file. Valid inside ``SFTPSession/withFile(_:_:_:)`` only.
public struct SFTPFile: Sendable {
    public enum Access: Sendable, Equatable {
        case reading
        /// Makes a new file for writing; fails if there is one. The permissions are less what the server's umask takes away; nil for `rw-rw-rw-`.
        case creating(permissions: UInt32?)
        /// Empties a file that exists and writes it anew.
        case overwriting
    }

    let session: SFTPSession
    let handle: [UInt8]
    private let writes = SFTPWrites()

    init(session: SFTPSession, handle: [UInt8]) {
        self.session = session
        self.handle = handle
    }

    public func attributes() async throws -> SFTPAttributes {
        try await session.send(.fileAttributes(handle: handle)).attributes()
    }

    /// Changes the attributes that are not nil.
    public func setAttributes(_ attributes: SFTPAttributes) async throws {
        try await session.send(.setFileAttributes(handle: handle, attributes)).success()
    }

    // MARK: Reading

    /// The bytes of a range, as many as the file has of it.
    ///
    /// - Precondition: The range is not longer than 1 MiB.
    public func read(_ range: Range<UInt64>) async throws -> ByteBuffer {
        precondition(range.upperBound - range.lowerBound <= 1 << 20, "\(range) is for forEachPiece")
        var bytes = ByteBuffer()
        _ = try await forEachPiece(of: range) { piece in
            if bytes.readableBytes == 0 { bytes = piece } else { bytes.writeImmutableBuffer(piece) }
        }
        return bytes
    }

    /// Takes the bytes of a range in order, up to the end of the file. Asks for more while `body` runs: for a few pieces while it is slow, for at
    /// most 1 MiB when it is fast.
    ///
    /// - Returns: How many bytes there were.
    public func forEachPiece(of range: Range<UInt64>, _ body: (ByteBuffer) async throws -> Void) async throws -> UInt64 {
        var window = SFTPWindow()
        var unasked = range
        var pieces: Deque<Piece> = []
        var underWay = 0
        while true {
            while underWay < window.size(among: session.client.openFileCount), let piece = next(of: &unasked) {
                pieces.append(piece)
                underWay += Int(piece.length)
            }
            guard let piece = pieces.popFirst() else { return range.upperBound - range.lowerBound }
            underWay -= Int(piece.length)
            let mustWait = !piece.call.isAnswered
            guard let bytes = try await piece.call.data(upTo: piece.length) else { return piece.offset - range.lowerBound }
            if mustWait { window.waited(since: piece.call.since, until: .now()) }
            // A server may send less than was asked for, and not only at the end of the file.
            if bytes.readableBytes < Int(piece.length) {
                var rest = (piece.offset + UInt64(bytes.readableBytes))..<(piece.offset + UInt64(piece.length))
                if let piece = next(of: &rest) {
                    pieces.prepend(piece)
                    underWay += Int(piece.length)
                }
            }
            try await body(bytes)
        }
    }

    private struct Piece {
        let offset: UInt64
        let length: UInt32
        let call: SFTPCall
    }

    /// Asks for the first piece of a range, and takes it away from that.
    private func next(of range: inout Range<UInt64>) -> Piece? {
        guard !range.isEmpty else { return nil }
        let length = UInt32(min(range.upperBound - range.lowerBound, UInt64(session.client.abilities.limits.read)))
        let call = session.send(.read(handle: handle, offset: range.lowerBound, length: length))
        defer { range = (range.lowerBound + UInt64(length))..<range.upperBound }
        return Piece(offset: range.lowerBound, length: length, call: call)
    }

    // MARK: Writing

    /// How many bytes one request writes at most: who gathers so many saves requests.
    public var writeLength: Int { session.client.abilities.limits.write }

    /// Writes bytes; returns when the next may be written, which is before the server has confirmed these. By one task at a time.
    ///
    /// - Throws: Also the failure of an earlier write, after which nothing more is written.
    public func write(_ bytes: ByteBuffer, at offset: UInt64) async throws {
        var bytes = bytes
        var offset = offset
        while let piece = bytes.readSlice(length: min(bytes.readableBytes, writeLength)), piece.readableBytes > 0 {
            try await writes.makeRoom(among: session.client.openFileCount)
            writes.add(session.send(.write(handle: handle, offset: offset, piece)), of: piece.readableBytes)
            offset += UInt64(piece.readableBytes)
        }
    }

    /// Waits until the server has confirmed every write so far.
    public func flush() async throws {
        try await writes.finish()
    }
}
