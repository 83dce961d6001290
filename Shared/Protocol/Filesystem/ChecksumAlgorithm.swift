/// The digests that files can be checked by.
public enum ChecksumAlgorithm: String, Codable, Sendable, CaseIterable {
    case sha224 = "SHA224"
    case sha256 = "SHA256"
    case sha384 = "SHA384"
    case sha512 = "SHA512"
}
