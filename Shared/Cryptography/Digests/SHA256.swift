import COpenSSL

/// The digest SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// - Returns: The 32 bytes of the digest.
    public static func digest(of bytes: some Collection<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            let isDone = bytes.withContiguousBytes {
                EVP_Digest($0.baseAddress, $0.count, digest.baseAddress, nil, EVP_sha256(), nil) == 1
            }
            // It fails only without memory, or when OpenSSL is configured to offer no SHA-256; neither leaves anything to go on with.
            precondition(isDone, "OpenSSL cannot compute SHA-256")
            count = 32
        }
    }
}
