import FoundationEssentials

/// A private key in OpenSSH's own format (`BEGIN OPENSSH PRIVATE KEY`, PROTOCOL.key in OpenSSH's sources).
struct OpenSSHPrivateKey {
    /// The type's name, such as `ssh-rsa`, which stands in clear also in an encrypted key.
    let type: String
    let isEncrypted: Bool
    private let privateFields: ArraySlice<UInt8>

    static let header = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let footer = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)

    /// Nil if the text is no such key.
    init?(_ text: String) {
        guard let start = text.firstRange(of: Self.header), let end = text.firstRange(of: Self.footer), start.upperBound <= end.lowerBound else { return nil }
        let base64 = text[start.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
        guard let data = Data(base64Encoded: base64), data.starts(with: Self.magic) else { return nil }
        var reader = SSHFieldReader([UInt8](data.dropFirst(Self.magic.count)))
        guard let cipher = reader.string(), reader.string() != nil, reader.string() != nil, reader.number() == 1,
            let publicKey = reader.string(), let privateFields = reader.string()
        else { return nil }
        var publicReader = SSHFieldReader([UInt8](publicKey))
        guard let type = publicReader.string() else { return nil }
        self.type = String(decoding: type, as: UTF8.self)
        isEncrypted = !cipher.elementsEqual("none".utf8)
        self.privateFields = privateFields
    }

    /// The numbers of an RSA key in the order n, e, d, the inverse of q, p, q; nil if it is encrypted or not one.
    func rsaNumbers() -> RSANumbers? {
        guard !isEncrypted, type == "ssh-rsa" else { return nil }
        var reader = SSHFieldReader([UInt8](privateFields))
        guard let check = reader.number(), check == reader.number(), reader.string()?.elementsEqual("ssh-rsa".utf8) == true,
            let modulus = reader.string(), let publicExponent = reader.string(), let privateExponent = reader.string(), reader.string() != nil,
            let prime1 = reader.string(), let prime2 = reader.string()
        else { return nil }
        return RSANumbers(
            modulus: [UInt8](modulus), publicExponent: [UInt8](publicExponent), privateExponent: [UInt8](privateExponent),
            prime1: [UInt8](prime1), prime2: [UInt8](prime2))
    }
}

/// What an RSA key is made of, big-endian.
struct RSANumbers {
    var modulus: [UInt8]
    var publicExponent: [UInt8]
    var privateExponent: [UInt8]
    var prime1: [UInt8]
    var prime2: [UInt8]
}

/// Reads the data types of RFC 4251, section 5.
struct SSHFieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func number() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        let value = rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(4)
        return value
    }

    /// A `string` or `mpint`.
    mutating func string() -> ArraySlice<UInt8>? {
        guard let length = number(), Int(length) <= rest.count else { return nil }
        let field = rest.prefix(Int(length))
        rest = rest.dropFirst(Int(length))
        return field
    }
}
