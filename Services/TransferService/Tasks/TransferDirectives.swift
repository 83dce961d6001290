/// What a client needs for its part of an upload or a download; `transferDirectives` of the answer.
///
/// It lets whoever has it read or write the file, so it is for the task's user alone.
struct TransferDirectives: Codable, Sendable, Equatable {
    var transferMethod: TransferMethod
    var downloadUrl: String?
    var partsUploadUrls: [String]?
    var completeUploadUrl: String?
    /// In bytes; all parts but the last have this size.
    var maxPartSize: Int?
    var coordinates: String?
    var wormholeCode: String?
}
