/// Where a file lies between the user's machine and the system.
struct StagedObject: Codable, Sendable, Equatable {
    var bucket: String
    /// `<task id>/<file name>`
    var key: String
    /// The multipart upload that makes the object, once it was begun.
    var uploadID: String?
}
