/// The message authentication code HMAC with SHA-256 (RFC 2104).
public enum HMACSHA256 {
    /// - Returns: The 32 bytes of the code.
    public static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        SignatureAlgorithm.Digest.sha256.authenticationCode(for: message, key: key)
    }
}
