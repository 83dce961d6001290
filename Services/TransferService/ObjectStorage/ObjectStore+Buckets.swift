import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import HTTPTypes
import Logging

extension ObjectStore {
    /// Sees to it that a bucket is there, and that what is left in it goes by itself: objects and incomplete uploads after
    /// `bucket_lifecycle_configuration.days`. Done once, it costs nothing until the storage says that the bucket is gone.
    ///
    /// The lifecycle is what the configuration says, whatever rules the bucket had before. A storage that has no lifecycles, or doesn't let the
    /// service set them, is told of in the log.
    ///
    /// - Throws: ``APIError``.
    func prepareBucket(_ bucket: BucketName) async throws {
        guard !preparedBuckets.contains(bucket) else { return }
        // Asked first, because keys may well be allowed to use a bucket and not to create one.
        if try await !isThere(bucket) { try await create(bucket) }
        try await setLifecycle(of: bucket)
        preparedBuckets.insert(bucket)
    }

    private func isThere(_ bucket: BucketName) async throws -> Bool {
        let call = StorageCall(.head, bucket)
        switch try await outcome(of: call) {
        case .success: return true
        case .failure(let refusal) where refusal.isAbsence: return false
        case .failure(let refusal): throw report(refusal, to: call)
        }
    }

    private func create(_ bucket: BucketName) async throws {
        let call = StorageCall(.put, bucket)
        // Amazon S3 API, CreateBucket: the first region is the default and must not be named.
        let isNamed = settings.region != "us-east-1"
        let location = RequestElement("CreateBucketConfiguration", [RequestElement("LocationConstraint", settings.region)])
        var outcome = try await outcome(of: isNamed ? call.sending(location) : call)
        if case .failure(let refusal) = outcome, refusal.code == .invalidLocationConstraint, isNamed {
            // Other storages have locations that are not named like their region.
            outcome = try await self.outcome(of: call)
        }
        guard case .failure(let refusal) = outcome, refusal.code != .bucketAlreadyOwnedByYou else { return }
        // Another request may have created it meanwhile. If it is somebody else's, asking for it says so.
        guard refusal.code == .bucketAlreadyExists, try await isThere(bucket) else { throw report(refusal, to: call) }
    }

    private func setLifecycle(of bucket: BucketName) async throws {
        let days = "\(settings.bucketLifecycleDays)"
        var call = StorageCall(.put, bucket, query: [("lifecycle", "")]).sending(
            RequestElement(
                "LifecycleConfiguration",
                [
                    RequestElement(
                        "Rule",
                        [
                            RequestElement("ID", "goldcrest"),
                            RequestElement("Filter", [RequestElement("Prefix", "")]),
                            RequestElement("Status", "Enabled"),
                            RequestElement("Expiration", [RequestElement("Days", days)]),
                            RequestElement("AbortIncompleteMultipartUpload", [RequestElement("DaysAfterInitiation", days)]),
                        ])
                ]))
        call.addBodyDigest()
        guard case .failure(let refusal) = try await outcome(of: call) else { return }
        guard refusal.isMissingFeature else { throw report(refusal, to: call) }
        logger.warning(
            "the object storage sets no lifecycle: what transfers leave behind stays in the bucket",
            metadata: ["storage": "\(settings.name)", "bucket": "\(bucket.rawValue)", "code": "\(refusal.code.rawValue)"])
    }
}

extension StorageCall {
    /// Setting a lifecycle needs one (Amazon S3 API, PutBucketLifecycleConfiguration). Ceph's older gateways know only the MD5.
    fileprivate mutating func addBodyDigest() {
        if let digest = MD5.digest(of: body), let name = HTTPField.Name("Content-MD5") {
            fields[name] = Data(digest).base64EncodedString()
        } else if let name = HTTPField.Name("x-amz-checksum-sha256") {
            fields[name] = Data(SHA256.digest(of: body)).base64EncodedString()
        }
    }
}
