import NIOCore

/// The server's first word: which version of the protocol it speaks and which extensions it offers.
struct SFTPVersion: Equatable {
    /// The extension by which a rename replaces: OpenSSH's PROTOCOL, section 4.3.
    static let renamesReplacing = "posix-rename@openssh.com"

    var number: UInt32
    /// By name, with their versions.
    var extensions: [String: String] = [:]

    /// - Throws: ``SFTPMalformed``.
    init(_ packet: SFTPPacket) throws {
        guard packet.kind == .version else { throw SFTPMalformed("a packet of type \(packet.kind.rawValue) in place of its version") }
        number = packet.id
        var payload = packet.payload
        while payload.readableBytes > 0 {
            let name = try payload.readSFTPString()
            extensions[String(buffer: name)] = String(buffer: try payload.readSFTPString())
        }
    }
}
