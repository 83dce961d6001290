import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// A download through the object storage: the job puts the file there in parts, the user fetches it.
struct S3DownloadPlan: TransferPlan {
    let source: AbsolutePath
    let account: String?
    let user: String
    let storage: ObjectStore
    /// Known once the file was looked at.
    private var parts: PartPlan?

    init(source: AbsolutePath, account: String?, user: String, storage: ObjectStore) {
        self.source = source
        self.account = account
        self.user = user
        self.storage = storage
    }

    var request: TransferRequest {
        TransferDirection.download(from: source).request(by: .s3, account: account)
    }

    mutating func inspect(_ files: UserFiles) async throws {
        let size = try await files.requireReadableFile(source).size
        parts = try PartPlan(size: Int(size), maxPartSize: storage.settings.multipart.maxPartSize)
    }

    func stagedObject(of taskID: UUID) -> StagedObject? {
        StagedObject(ObjectName(staging: source, of: taskID, for: user))
    }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        guard let parts else { throw APIError(.internalServerError, "The file of a download was not looked at") }
        let object = ObjectName(staging: source, of: taskID, for: user)
        let upload = try await storage.beginMultipartUpload(of: object)
        let now = Date()
        let work = try S3DownloadWork(
            source: source, size: parts.size, partSize: parts.partSize,
            partURLs: try storage.presignedPartURLs(
                of: upload, count: parts.count, at: .privateEndpoint, expiresIn: ObjectStore.longestLifetime, now: now),
            completeURL: try storage.presignedCompletionURL(of: upload, at: .privateEndpoint, expiresIn: ObjectStore.longestLifetime, now: now),
            abortURL: try storage.presignedURLForJob(.delete, object, query: [("uploadId", upload.id)], now: now),
            headURL: try storage.presignedURLForJob(.head, object, now: now), parallelRuns: storage.settings.multipart.parallelRuns
        ).work
        let downloadURL = try storage.presignedURL(.get, object, at: .publicEndpoint, expiresIn: storage.settings.ttl, now: now)
        return PreparedTransfer(
            work: work, directives: TransferDirectives(transferMethod: .s3, downloadUrl: downloadURL), staged: StagedObject(upload))
    }
}
