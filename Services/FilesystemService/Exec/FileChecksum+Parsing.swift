import GoldcrestProtocol

extension FileChecksum {
    /// Reads the line of `sha256sum` and its sisters: the digest, two blanks, the name; a backslash in front says that the name is written with
    /// escapes, which concerns nobody here. Nil when there is no digest of the algorithm.
    init?(parsing output: some Collection<UInt8>, by algorithm: ChecksumAlgorithm) {
        let line = output.first == UInt8(ascii: "\\") ? output.dropFirst() : output[...]
        let digest = line.prefix { $0 != UInt8(ascii: " ") }
        guard digest.count == algorithm.digitCount, digest.allSatisfy(Self.isHexadecimal) else { return nil }
        self.init(algorithm: algorithm.rawValue, checksum: String(decoding: digest, as: UTF8.self))
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension ChecksumAlgorithm {
    /// The program of coreutils that makes the digest.
    var program: String {
        switch self {
        case .sha224: "sha224sum"
        case .sha256: "sha256sum"
        case .sha384: "sha384sum"
        case .sha512: "sha512sum"
        }
    }

    fileprivate var digitCount: Int {
        switch self {
        case .sha224: 56
        case .sha256: 64
        case .sha384: 96
        case .sha512: 128
        }
    }
}
