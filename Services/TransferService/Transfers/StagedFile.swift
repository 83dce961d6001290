import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes

extension ObjectName {
    /// Where the file of a user's task lies in between.
    init(staging path: AbsolutePath, of taskID: UUID, for user: String) {
        self.init(
            bucket: BucketName(ofUser: user), key: "\(taskID.uuidString.lowercased())/\(String(decoding: path.lastComponent, as: UTF8.self))")
    }
}

extension StagedObject {
    init(_ object: ObjectName) {
        self.init(bucket: object.bucket.rawValue, key: object.key)
    }

    init(_ upload: MultipartUpload) {
        self.init(bucket: upload.object.bucket.rawValue, key: upload.object.key, uploadID: upload.id)
    }
}

extension ObjectStore {
    /// As long as S3 lets a presigned URL live (Amazon S3 API, “Authenticating Requests: Using Query Parameters”). A job's URLs do: it may wait in the
    /// queue for days, and what it reaches by them is cleared away when it has ended.
    static let longestLifetime = Duration.seconds(604_800)

    func presignedURLForJob(
        _ method: HTTPRequest.Method, _ object: ObjectName, query: [(name: String, value: String)] = [], now: Date
    ) throws -> String {
        try presignedURL(method, object, query: query, at: .privateEndpoint, expiresIn: Self.longestLifetime, now: now)
    }
}
