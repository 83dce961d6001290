import COpenSSL

extension AsymmetricKey {
    /// - Parameters:
    ///   - modulus: Big-endian.
    ///   - exponent: Big-endian.
    static func rsa(modulus: [UInt8], exponent: [UInt8]) throws(CryptographyError) -> AsymmetricKey {
        // With the exponent 1 everything would be its own signature.
        guard modulus.count <= 1025, exponent.count <= 8, let last = exponent.last, last & 1 == 1,
            exponent.drop(while: { $0 == 0 }) != [1]
        else { throw CryptographyError(.invalidKey, "The numbers make no usable RSA key (2048 to 8192 bits, an odd exponent above 1)") }
        return try owning("The numbers make no RSA key") {
            goldcrest_rsa_public_key(modulus, modulus.count, exponent, exponent.count)
        }
    }

    /// - Parameters:
    ///   - group: The curve's name in OpenSSL.
    ///   - point: Uncompressed: 4, x, y (SEC 1 section 2.3.3).
    static func ec(group: String, point: [UInt8]) throws(CryptographyError) -> AsymmetricKey {
        try owning("The point is not on the curve \(group)") { goldcrest_ec_public_key(group, point, point.count) }
    }

    static func ed25519(publicKey: [UInt8]) throws(CryptographyError) -> AsymmetricKey {
        try owning("The bytes are no Ed25519 public key") {
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        }
    }

    /// The public half of an Ed25519 key, 32 bytes.
    func ed25519PublicKey() throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var length = bytes.count
        let isDone = OpenSSLErrorQueue.isolating {
            withUnsafePointer { EVP_PKEY_get_raw_public_key($0, &bytes, &length) == 1 && length == bytes.count }
        }
        guard isDone else { throw CryptographyError(.invalidKey, "The key is no Ed25519 key") }
        return bytes
    }

    /// The public point of an EC key, uncompressed.
    func ecPublicPoint() throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 133)
        var length = 0
        let isDone = OpenSSLErrorQueue.isolating {
            withUnsafePointer {
                EVP_PKEY_get_octet_string_param($0, OSSL_PKEY_PARAM_PUB_KEY, &bytes, bytes.count, &length) == 1
            }
        }
        guard isDone, bytes.first == 4 else { throw CryptographyError(.invalidKey, "The key has no uncompressed public point") }
        return Array(bytes.prefix(length))
    }

    private static func owning(_ problem: String, _ make: () -> OpaquePointer?) throws(CryptographyError) -> AsymmetricKey {
        try OpenSSLErrorQueue.isolating { () throws(CryptographyError) in
            guard let key = make() else { throw OpenSSLErrorQueue.failure(of: problem, code: .invalidKey) }
            return AsymmetricKey(takingOwnershipOf: key)
        }
    }
}
