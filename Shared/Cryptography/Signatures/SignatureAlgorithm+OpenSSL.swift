import COpenSSL

extension SignatureAlgorithm.Digest {
    /// OpenSSL's own constant, which lives as long as the process.
    var function: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// The message authentication code HMAC with this digest (RFC 2104).
    func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        // A null key would mean to HMAC(3) that the last one is used again.
        let keyBytes = key.isEmpty ? [0] : key
        return [UInt8](unsafeUninitializedCapacity: length) { code, count in
            var written: UInt32 = 0
            let isDone =
                HMAC(function, keyBytes, Int32(key.count), message, message.count, code.baseAddress, &written) != nil
                && Int(written) == length
            // It fails only without memory, or when OpenSSL is configured to offer no such digest; neither leaves anything to go on with.
            precondition(isDone, "OpenSSL cannot compute an HMAC")
            count = length
        }
    }
}
