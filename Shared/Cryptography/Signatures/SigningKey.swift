/// A private Ed25519 key.
public struct SigningKey: Sendable {
    /// The key as PEM, PKCS #8, not encrypted: a secret.
    public let pem: String
    /// The public half as PEM.
    public let publicKeyPEM: String
    /// The public half; it doesn't hold the private one.
    public let verificationKey: VerificationKey
    private let key: AsymmetricKey

    public static func generateEd25519() throws -> SigningKey {
        try SigningKey(AsymmetricKey.generate(type: "ED25519"))
    }

    /// - Throws: ``CryptographyError`` with the code `invalidKey` when the text holds no unencrypted Ed25519 private key.
    public init(pem: String) throws {
        try self.init(AsymmetricKey(pem: pem, content: .privateKey))
    }

    private init(_ key: AsymmetricKey) throws(CryptographyError) {
        guard key.kind == .ed25519 else { throw CryptographyError(.invalidKey, "The private key is not an Ed25519 key") }
        self.key = key
        pem = try key.pem(.privateKey)
        publicKeyPEM = try key.pem(.publicKey)
        verificationKey = try VerificationKey(
            AsymmetricKey.ed25519(publicKey: key.ed25519PublicKey()), algorithm: .edDSA, keyID: nil, x509Thumbprint: nil)
    }

    /// The signature of `message`, 64 bytes (RFC 8032).
    public func signature(for message: [UInt8]) throws -> [UInt8] {
        try key.ed25519Signature(for: message)
    }
}

extension SigningKey: CustomStringConvertible {
    public var description: String { "Ed25519 signing key" }
}
