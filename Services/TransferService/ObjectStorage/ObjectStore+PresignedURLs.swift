import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import HTTPTypes

/// URLs by which users and jobs reach an object without knowing the storage's keys. Whoever has one may use it: they are secrets.
///
/// A `tenant` in the configuration makes their bucket `tenant:bucket`, as Ceph's gateway names the bucket of a tenant. The service's own calls name
/// the bucket alone: for them the keys tell the tenant (Ceph Object Gateway, “Multitenancy”).
extension ObjectStore {
    /// Amazon S3 API, “Authenticating Requests: Using Query Parameters”.
    private static let lifetimes = Duration.seconds(1)...Duration.seconds(604_800)

    /// - Parameters:
    ///   - query: The parameters of the operation, in clear; one without a value, as in `?uploads`, has an empty one.
    ///   - endpoint: For whom the URL is.
    ///   - lifetime: How long from `now` on the URL is good, in whole seconds; at most a week.
    /// - Throws: ``APIError`` 400 for a lifetime that S3 doesn't allow.
    func presignedURL(
        _ method: HTTPRequest.Method, _ object: ObjectName, query: [(name: String, value: String)] = [], at endpoint: Endpoint,
        expiresIn lifetime: Duration, now: Date = Date()
    ) throws -> String {
        try presigned(method, object, queries: [query], at: endpoint, expiresIn: lifetime, now: now)[0]
    }

    /// The URLs to PUT the parts of an upload to, the first part's first.
    func presignedPartURLs(
        of upload: MultipartUpload, count: Int, at endpoint: Endpoint, expiresIn lifetime: Duration, now: Date = Date()
    ) throws -> [String] {
        try presigned(
            .put, upload.object, queries: (1...max(1, count)).map { [("uploadId", upload.id), ("partNumber", "\($0)")] }, at: endpoint,
            expiresIn: lifetime, now: now)
    }

    /// The URL to POST the list of an upload's parts to (`CompleteMultipartUpload`), which makes an object of them.
    func presignedCompletionURL(
        of upload: MultipartUpload, at endpoint: Endpoint, expiresIn lifetime: Duration, now: Date = Date()
    ) throws -> String {
        try presignedURL(.post, upload.object, query: [("uploadId", upload.id)], at: endpoint, expiresIn: lifetime, now: now)
    }

    /// One URL for each query.
    private func presigned(
        _ method: HTTPRequest.Method, _ object: ObjectName, queries: [[(name: String, value: String)]], at endpoint: Endpoint,
        expiresIn lifetime: Duration, now: Date
    ) throws -> [String] {
        guard Self.lifetimes.contains(lifetime) else {
            throw APIError(.badRequest, "A presigned URL is good for 1 second to 7 days, not for \(lifetime)")
        }
        let address = address(of: endpoint)
        let bucket = settings.tenant.map { "\($0):\(object.bucket.rawValue)" } ?? object.bucket.rawValue
        let path = address.path(bucket: bucket, key: object.key)
        let signer = signer(now: now)
        return queries.map { query in
            let query = signer.presignedQuery(
                method, host: address.host, path: path, query: StorageQuery(query), lifetime: Int(lifetime.components.seconds))
            return "\(address.origin)\(path)?\(query.text)"
        }
    }

    func signer(now: Date) -> SigV4Signer {
        SigV4Signer(accessKeyID: settings.accessKeyID, secretAccessKey: settings.secretAccessKey, region: settings.region, date: now)
    }
}
