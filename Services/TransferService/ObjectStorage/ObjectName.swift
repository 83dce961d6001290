/// An object of the storage.
struct ObjectName: Sendable, Hashable, Codable {
    var bucket: BucketName
    /// Any text of at most 1024 bytes in UTF-8 (Amazon S3 User Guide, “Naming Amazon S3 objects”).
    var key: String
}
