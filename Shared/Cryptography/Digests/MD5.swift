import COpenSSL

/// The digest MD5 (RFC 1321), for protocols that check a transmission with it. It protects against nothing but accidents.
public enum MD5 {
    /// - Returns: The 16 bytes of the digest, or `nil` where OpenSSL offers no MD5, as in its FIPS mode.
    public static func digest(of bytes: some Collection<UInt8>) -> [UInt8]? {
        var isDone = false
        let digest = [UInt8](unsafeUninitializedCapacity: 16) { digest, count in
            isDone = bytes.withContiguousBytes { EVP_Digest($0.baseAddress, $0.count, digest.baseAddress, nil, EVP_md5(), nil) == 1 }
            count = isDone ? 16 : 0
        }
        return isDone ? digest : nil
    }
}
