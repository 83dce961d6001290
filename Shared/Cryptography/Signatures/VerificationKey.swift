/// A key that verifies signatures, bound to the one algorithm it is for.
///
/// It is the key that decides the algorithm, never the token: thereby a token cannot have a public RSA key used as an HMAC secret.
public struct VerificationKey: Sendable {
    enum Material: Sendable {
        case asymmetric(AsymmetricKey)
        case secret([UInt8])
    }

    public let algorithm: SignatureAlgorithm
    /// The key's `kid`.
    public let keyID: String?
    /// The key's `x5t`: the SHA-1 thumbprint of its certificate, base64url.
    public let x509Thumbprint: String?
    let material: Material

    /// - Parameter pem: A public key (`BEGIN PUBLIC KEY`).
    /// - Throws: ``CryptographyError`` with the code `invalidKey` when the text holds no public key, or one that doesn't fit the algorithm or
    ///   is too weak.
    public init(pem: String, algorithm: SignatureAlgorithm, keyID: String? = nil, x509Thumbprint: String? = nil) throws {
        try self.init(
            AsymmetricKey(pem: pem, content: .publicKey), algorithm: algorithm, keyID: keyID, x509Thumbprint: x509Thumbprint)
    }

    init(_ key: AsymmetricKey, algorithm: SignatureAlgorithm, keyID: String?, x509Thumbprint: String?) throws(CryptographyError) {
        try Self.check(key.kind, fits: algorithm)
        self.algorithm = algorithm
        self.keyID = keyID
        self.x509Thumbprint = x509Thumbprint
        material = .asymmetric(key)
    }

    /// A secret for HMAC. It must be as long as the digest (RFC 7518 section 3.2): a shorter one can be guessed from a token.
    init(
        secret: [UInt8], algorithm: SignatureAlgorithm, keyID: String?, x509Thumbprint: String?
    ) throws(CryptographyError) {
        guard case .hmac = algorithm.family, let digest = algorithm.digest else {
            throw CryptographyError(.invalidKey, "\(algorithm.rawValue) needs no secret but a public key")
        }
        guard secret.count >= digest.length else {
            throw CryptographyError(
                .invalidKey, "A secret for \(algorithm.rawValue) needs at least \(digest.length) bytes, this one has \(secret.count)")
        }
        self.algorithm = algorithm
        self.keyID = keyID
        self.x509Thumbprint = x509Thumbprint
        material = .secret(secret)
    }

    /// Whether `signature` is this key's signature of `message`. A signature of a wrong form is simply not valid.
    public func isValidSignature(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        switch material {
        case .secret(let secret):
            algorithm.digest.map { constantTimeEquals(signature, $0.authenticationCode(for: message, key: secret)) } ?? false
        case .asymmetric(let key):
            key.isValidSignature(signature, for: message, algorithm: algorithm)
        }
    }

    private static func check(_ kind: AsymmetricKey.Kind, fits algorithm: SignatureAlgorithm) throws(CryptographyError) {
        switch (algorithm.family, kind) {
        case (.rsaPKCS1, .rsa(let bits)), (.rsaPSS, .rsa(let bits)):
            // RFC 7518 section 3.3 sets the lower limit; the upper one bounds the time that verifying takes.
            guard (2048...8192).contains(bits) else {
                throw CryptographyError(.invalidKey, "An RSA key must have 2048 to 8192 bits, this one has \(bits)")
            }
        case (.ecdsa(let group, let curve, _), .ec(let actual)):
            guard group == actual else {
                throw CryptographyError(.invalidKey, "\(algorithm.rawValue) needs a key on the curve \(curve), this one is on \(actual)")
            }
        case (.ed25519, .ed25519):
            return
        default:
            throw CryptographyError(.invalidKey, "The type of the key is not the one that \(algorithm.rawValue) needs")
        }
    }
}

extension VerificationKey: CustomStringConvertible {
    /// Names the key without showing it; a secret must not get into a log.
    public var description: String { "\(algorithm.rawValue) key \(keyID ?? x509Thumbprint ?? "without id")" }
}
