/// How an archive is compressed.
public enum Compression: String, Codable, Sendable, CaseIterable {
    case none
    case gzip
    case bzip2
    case xz
}
