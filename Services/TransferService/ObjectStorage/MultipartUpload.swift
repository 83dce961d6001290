/// An object that is being uploaded in parts.
struct MultipartUpload: Sendable, Hashable, Codable {
    var object: ObjectName
    /// The storage's name for the upload.
    var id: String
}
