import COpenSSL

extension AsymmetricKey {
    /// - Parameter signature: As JOSE has it; ECDSA's r and s side by side.
    func isValidSignature(_ signature: [UInt8], for message: [UInt8], algorithm: SignatureAlgorithm) -> Bool {
        var signature = signature
        if case .ecdsa(_, _, let coordinateLength) = algorithm.family {
            guard let der = ECDSASignature.der(raw: signature, coordinateLength: coordinateLength) else { return false }
            signature = der
        }
        return OpenSSLErrorQueue.isolating {
            withUnsafePointer { key in
                let context = EVP_MD_CTX_new()
                defer { EVP_MD_CTX_free(context) }
                var parameters: OpaquePointer?  // belongs to the context
                guard context != nil, EVP_DigestVerifyInit(context, &parameters, algorithm.digest?.function, nil, key) == 1,
                    algorithm.family != .rsaPSS || Self.usePSS(parameters)
                else { return false }
                return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
            }
        }
    }

    /// A signature by Ed25519.
    func ed25519Signature(for message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try OpenSSLErrorQueue.isolating { () throws(CryptographyError) in
            try withUnsafePointer { key throws(CryptographyError) in
                let context = EVP_MD_CTX_new()
                defer { EVP_MD_CTX_free(context) }
                var signature = [UInt8](repeating: 0, count: 64)
                var length = signature.count
                guard context != nil, EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                    EVP_DigestSign(context, &signature, &length, message, message.count) == 1, length == signature.count
                else { throw OpenSSLErrorQueue.failure(of: "Cannot sign with the Ed25519 key") }
                return signature
            }
        }
    }

    /// RFC 7518 section 3.5: the salt is as long as the digest, and the mask is made with the same digest (OpenSSL's default).
    private static func usePSS(_ parameters: OpaquePointer?) -> Bool {
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
    }
}
