/// A key as it stands in a key set (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2).
struct JSONWebKey: Decodable {
    enum CodingKeys: String, CodingKey {
        case type = "kty"
        case use
        case operations = "key_ops"
        case algorithm = "alg"
        case keyID = "kid"
        case x509Thumbprint = "x5t"
        case modulus = "n"
        case exponent = "e"
        case curve = "crv"
        case x
        case y
        case secret = "k"
    }

    let type: String
    let use: String?
    let operations: [String]?
    let algorithm: String?
    let keyID: String?
    let x509Thumbprint: String?
    let modulus: String?
    let exponent: String?
    let curve: String?
    let x: String?
    let y: String?
    let secret: String?

    /// The key to verify with.
    ///
    /// - Parameter defaultAlgorithm: What a key without `alg` gets, if it fits its type; else the type decides.
    /// - Throws: ``CryptographyError`` that says why the key cannot verify tokens.
    func verificationKey(defaultAlgorithm: SignatureAlgorithm?) throws(CryptographyError) -> VerificationKey {
        if let use, use != "sig" { throw CryptographyError(.invalidKey, "its use is \(use.debugDescription), not sig") }
        if let operations, !operations.contains("verify") {
            throw CryptographyError(.invalidKey, "its key_ops don't contain verify")
        }
        let algorithm = try signatureAlgorithm(default: defaultAlgorithm)
        guard fits(algorithm) else {
            throw CryptographyError(.invalidKey, "a key of type \(type.debugDescription) cannot be used with \(algorithm.rawValue)")
        }
        switch algorithm.family {
        case .rsaPKCS1, .rsaPSS:
            let key = try AsymmetricKey.rsa(modulus: bytes(modulus, .modulus), exponent: bytes(exponent, .exponent))
            return try VerificationKey(key, algorithm: algorithm, keyID: keyID, x509Thumbprint: x509Thumbprint)
        case .ecdsa(let group, let curve, let coordinateLength):
            let point = try [4] + bytes(x, .x, count: coordinateLength) + bytes(y, .y, count: coordinateLength)
            guard self.curve == curve else { throw CryptographyError(.invalidKey, "\(algorithm.rawValue) needs the curve \(curve)") }
            let key = try AsymmetricKey.ec(group: group, point: point)
            return try VerificationKey(key, algorithm: algorithm, keyID: keyID, x509Thumbprint: x509Thumbprint)
        case .ed25519:
            let key = try AsymmetricKey.ed25519(publicKey: bytes(x, .x, count: 32))
            return try VerificationKey(key, algorithm: algorithm, keyID: keyID, x509Thumbprint: x509Thumbprint)
        case .hmac:
            return try VerificationKey(
                secret: bytes(secret, .secret), algorithm: algorithm, keyID: keyID, x509Thumbprint: x509Thumbprint)
        }
    }

    private func signatureAlgorithm(default defaultAlgorithm: SignatureAlgorithm?) throws(CryptographyError) -> SignatureAlgorithm {
        if let name = algorithm {
            guard let algorithm = SignatureAlgorithm(rawValue: name) else {
                throw CryptographyError(.unsupportedAlgorithm, "its algorithm \(name.debugDescription) is not supported")
            }
            return algorithm
        }
        if let defaultAlgorithm, fits(defaultAlgorithm) { return defaultAlgorithm }
        switch (type, curve) {
        case ("RSA", _): return .rs256
        case ("EC", "P-256"): return .es256
        case ("EC", "P-384"): return .es384
        case ("EC", "P-521"): return .es512
        case ("OKP", "Ed25519"): return .edDSA
        case ("oct", _): return .hs256
        default:
            throw CryptographyError(
                .invalidKey, "keys of type \(type.debugDescription)\(curve.map { " on the curve \($0.debugDescription)" } ?? "") are not supported")
        }
    }

    private func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        switch algorithm.family {
        case .rsaPKCS1, .rsaPSS: type == "RSA"
        case .ecdsa(_, let curve, _): type == "EC" && self.curve == curve
        case .ed25519: type == "OKP" && curve == "Ed25519"
        case .hmac: type == "oct"
        }
    }

    private func bytes(_ text: String?, _ name: CodingKeys, count: Int? = nil) throws(CryptographyError) -> [UInt8] {
        guard let text else { throw CryptographyError(.invalidKey, "its \(name.rawValue) is missing") }
        guard let bytes = Base64URL.decode(text) else { throw CryptographyError(.invalidKey, "its \(name.rawValue) is not base64url") }
        guard bytes.count == count ?? bytes.count else {
            throw CryptographyError(.invalidKey, "its \(name.rawValue) has \(bytes.count) bytes")
        }
        return bytes
    }
}
