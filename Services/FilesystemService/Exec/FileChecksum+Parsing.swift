import GoldcrestProtocol

extension FileChecksum {
    /// Reads the line of `sha256sum`: the digest, two blanks, the name; a backslash in front says that the name is written with escapes, which
    /// concerns nobody here. Nil when there is no digest.
    init?(parsing output: some Collection<UInt8>) {
        let line = output.first == UInt8(ascii: "\\") ? output.dropFirst() : output[...]
        let digest = line.prefix { $0 != UInt8(ascii: " ") }
        guard digest.count == 64, digest.allSatisfy(Self.isHexadecimal) else { return nil }
        self.init(checksum: String(decoding: digest, as: UTF8.self))
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
