/// The digest of a file's content.
public struct FileChecksum: Codable, Sendable, Equatable {
    public var algorithm: String
    /// Hexadecimal, lower case.
    public var checksum: String

    public init(algorithm: String = "SHA256", checksum: String) {
        self.algorithm = algorithm
        self.checksum = checksum
    }
}
