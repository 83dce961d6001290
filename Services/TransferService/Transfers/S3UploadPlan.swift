import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// An upload through the object storage: the user puts the file there in parts, the job brings it to the system.
struct S3UploadPlan: TransferPlan {
    let target: AbsolutePath
    let parts: PartPlan
    let account: String?
    let user: String
    let storage: ObjectStore

    var request: TransferRequest {
        TransferDirection.upload(to: target).request(by: .s3, account: account, fileSize: parts.size)
    }

    func inspect(_ files: UserFiles) async throws {
        try await TransferDirection.upload(to: target).inspect(files)
    }

    func stagedObject(of taskID: UUID) -> StagedObject? {
        StagedObject(ObjectName(staging: target, of: taskID, for: user))
    }

    func prepare(_ taskID: UUID) async throws -> PreparedTransfer {
        let object = ObjectName(staging: target, of: taskID, for: user)
        let upload = try await storage.beginMultipartUpload(of: object)
        let (settings, now) = (storage.settings, Date())
        return PreparedTransfer(
            work: S3UploadWork(
                headURL: try storage.presignedURLForJob(.head, object, now: now), getURL: try storage.presignedURLForJob(.get, object, now: now),
                size: parts.size, target: target, partSize: settings.multipart.maxPartSize, parallelRuns: settings.multipart.parallelRuns,
                patience: settings.ttl
            ).work,
            directives: TransferDirectives(
                transferMethod: .s3,
                partsUploadUrls: try storage.presignedPartURLs(of: upload, count: parts.count, at: .publicEndpoint, expiresIn: settings.ttl, now: now),
                completeUploadUrl: try storage.presignedCompletionURL(of: upload, at: .publicEndpoint, expiresIn: settings.ttl, now: now),
                maxPartSize: parts.partSize),
            staged: StagedObject(upload))
    }
}
