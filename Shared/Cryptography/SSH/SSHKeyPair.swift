import FoundationEssentials

/// A fresh key pair for one SSH login.
public struct SSHKeyPair: Sendable {
    /// The private key as PEM (`BEGIN EC PRIVATE KEY`, RFC 5915, which every version of libssh2 reads): a secret.
    public let privateKeyPEM: String
    /// The public key as a line of `authorized_keys`, without comment: `ecdsa-sha2-nistp256 AAAA…`.
    public let opensshPublicKey: String

    /// Makes an ECDSA key on the curve P-256, the one kind whose certificates libssh2 1.10 can use.
    public static func generateECDSAP256() throws -> SSHKeyPair {
        let key = try AsymmetricKey.generate(type: "EC", group: "prime256v1")
        // RFC 5656 section 3.1: the type, the curve, the point, each behind its length.
        let blob = field("ecdsa-sha2-nistp256".utf8) + field("nistp256".utf8) + field(try key.ecPublicPoint())
        return SSHKeyPair(
            privateKeyPEM: try key.pem(.traditionalPrivateKey),
            opensshPublicKey: "ecdsa-sha2-nistp256 \(Data(blob).base64EncodedString())")
    }

    /// A `string` of the SSH protocol (RFC 4251 section 5).
    private static func field(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let length = UInt32(bytes.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) } + bytes
    }
}

extension SSHKeyPair: CustomStringConvertible {
    public var description: String { opensshPublicKey }
}
