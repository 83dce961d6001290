import NIOCore

/// Takes the server's packets out of the bytes as they arrive.
struct SFTPPacketReader {
    /// The most that a packet may have after its length: OpenSSH's own limit, 256 KiB, and some room for the fields around that.
    static let maximumLength = 256 * 1024 + 1024

    /// Packets of this length are common, longer ones are not.
    private static let usualCapacity = 64 * 1024

    private var bytes = ByteBuffer()

    /// Has `read` fill a part of the room it is given.
    ///
    /// - Returns: What `read` did: how many bytes it put there.
    mutating func receive(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows -> Int {
        if bytes.readableBytes > 0 {
            bytes.discardReadBytes()
        } else if bytes.capacity > Self.usualCapacity {
            bytes = ByteBuffer()
        } else {
            bytes.clear()
        }
        return try bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.usualCapacity / 2, read)
    }

    /// The next packet that is there as a whole.
    ///
    /// - Throws: ``SFTPMalformed``.
    mutating func next() throws -> SFTPPacket? {
        guard let length = bytes.getInteger(at: bytes.readerIndex, as: UInt32.self) else { return nil }
        guard (5...Self.maximumLength).contains(Int(length)) else { throw SFTPMalformed("a packet of \(length) bytes") }
        guard bytes.readableBytes >= 4 + Int(length), let header = bytes.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) else { return nil }
        guard let kind = SFTPPacket.Kind(rawValue: header.1) else { throw SFTPMalformed("a packet of type \(header.1)") }
        // A copy, so that the buffer is never shared and can be used again.
        let payload = bytes.readableBytesView.prefix(Int(length) - 5)
        bytes.moveReaderIndex(forwardBy: payload.count)
        return SFTPPacket(kind: kind, id: header.2, payload: ByteBuffer(bytes: payload))
    }
}
