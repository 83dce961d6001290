/// A server's public key in the wire format of RFC 4253, section 6.6.
struct HostKey: Sendable, Hashable {
    let bytes: [UInt8]

    /// The name of the key's type, such as `ssh-ed25519`: the first string of the key.
    var type: String? {
        guard bytes.count >= 4 else { return nil }
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - 4 else { return nil }
        return String(decoding: bytes[4..<(4 + length)], as: UTF8.self)
    }
}
