import NIOCore

/// How many bytes one request may read or write.
struct SFTPLimits: Equatable {
    /// The extension that tells: OpenSSH's PROTOCOL, section 4.8.
    static let extensionName = "limits@openssh.com"
    /// What every server must take: draft-ietf-secsh-filexfer-02, section 3.
    static let least = 32 * 1024
    /// More than this saves hardly any requests more, and who shares the channel waits behind each piece.
    static let enough = 128 * 1024

    var read = least
    var write = least

    init() {}

    /// - Throws: ``SFTPMalformed``.
    init(_ packet: SFTPPacket) throws {
        // The server need not keep its word and may refuse.
        if case .failure = try? SFTPReply(packet) { return }
        guard packet.kind == .extendedReply else { throw SFTPMalformed("a reply of type \(packet.kind.rawValue) in place of its limits") }
        var payload = packet.payload
        guard let (_, read, write) = payload.readMultipleIntegers(as: (UInt64, UInt64, UInt64).self) else {
            throw SFTPMalformed("limits shorter than their fields")
        }
        self.read = Self.pieceLength(within: read)
        self.write = Self.pieceLength(within: write)
    }

    /// - Parameter limit: The server's; 0 for none that it could name.
    private static func pieceLength(within limit: UInt64) -> Int {
        limit > UInt64(enough) ? enough : max(least, Int(limit))
    }
}
