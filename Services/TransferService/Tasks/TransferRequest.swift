import GoldcrestProtocol

/// What a transfer task is to do, as it was accepted. It is kept as JSON, and shown to its user so.
struct TransferRequest: Codable, Sendable, Equatable {
    var operation: TransferOperation
    /// A path on the system; absent where the user's machine is the source.
    var sourcePath: String?
    /// A path on the system; absent where the user's machine is the target.
    var targetPath: String?
    /// What the job is charged to.
    var account: String?
    /// Whether symbolic links are followed.
    var dereference: Bool?
    var compression: Compression?
    /// A regular expression for the files that go into an archive (find(1), `-regex`).
    var matchPattern: String?
    /// How an upload or a download goes.
    var transferMethod: TransferMethod?
    /// The announced size of an upload, in bytes.
    var fileSize: Int?
}

/// What a transfer task does on the system.
package enum TransferOperation: String, Codable, Sendable, CaseIterable {
    case mv, cp, rm, compress, extract, upload, download
}

/// How a file gets from or to the user's machine.
enum TransferMethod: String, Codable, Sendable, CaseIterable {
    case s3, streamer, wormhole
}
