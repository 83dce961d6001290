import HTTPTypes

/// A part of an upload that the storage has.
struct UploadedPart: Sendable, Hashable, Codable {
    /// From 1 to 10,000.
    var number: Int
    /// In bytes.
    var size: Int
    /// What the storage calls the part's content, its quotes included.
    var eTag: String
}

extension ObjectStore {
    /// Begins to upload an object in parts. Its bucket is made ready.
    ///
    /// - Throws: ``APIError``.
    func beginMultipartUpload(of object: ObjectName) async throws -> MultipartUpload {
        var call = StorageCall(.post, object, query: [("uploads", "")]).readingXML
        call.fields[.contentType] = "application/octet-stream"
        let answer = try await answerInBucket(to: call)
        guard let id = answer.document?.text(of: "UploadId"), !id.isEmpty else { throw unexpectedAnswer("UploadId") }
        return MultipartUpload(object: object, id: id)
    }

    /// The parts that the storage has so far, or `nil` if the upload is not there (any more): completed, aborted or expired.
    ///
    /// - Throws: ``APIError``.
    func parts(of upload: MultipartUpload) async throws -> [UploadedPart]? {
        var parts: [UploadedPart] = []
        var marker: String?
        repeat {
            var query = [("uploadId", upload.id)]
            if let marker { query.append(("part-number-marker", marker)) }
            guard let page = try await page(StorageCall(.get, upload.object, query: query)) else { return nil }
            parts += page.children("Part").compactMap { part in
                guard let number = part.integer(of: "PartNumber"), let size = part.integer(of: "Size"), let eTag = part.text(of: "ETag")
                else { return nil }
                return UploadedPart(number: number, size: size, eTag: eTag)
            }
            marker = page.nextMarker("NextPartNumberMarker", after: marker)
        } while marker != nil
        return parts
    }

    /// How many bytes of an upload the storage has so far, or `nil` if the upload is not there (any more).
    ///
    /// - Throws: ``APIError``.
    func uploadedBytes(of upload: MultipartUpload) async throws -> Int? {
        try await parts(of: upload)?.reduce(0) { $0 + $1.size }
    }

    /// Makes an object of the parts.
    ///
    /// - Throws: ``APIError``.
    func complete(_ upload: MultipartUpload, parts: [UploadedPart]) async throws {
        let elements = parts.sorted { $0.number < $1.number }.map { part in
            RequestElement("Part", [RequestElement("PartNumber", "\(part.number)"), RequestElement("ETag", part.eTag)])
        }
        var call = StorageCall(.post, upload.object, query: [("uploadId", upload.id)])
            .sending(RequestElement("CompleteMultipartUpload", elements)).readingXML
        // Amazon S3 API, CompleteMultipartUpload: it “could take several minutes”.
        call.deadline = .seconds(300)
        guard case .failure(let refusal) = try await outcome(of: call) else { return }
        // Repeated after an answer that was lost on its way, it finds the upload gone and the object there.
        if refusal.code == .noSuchUpload, try await head(upload.object) != nil { return }
        throw report(refusal, to: call)
    }

    /// Ends an upload without an object and frees its parts; one that is not there is fine.
    ///
    /// - Throws: ``APIError``.
    func abort(_ upload: MultipartUpload) async throws {
        let call = StorageCall(.delete, upload.object, query: [("uploadId", upload.id)])
        guard case .failure(let refusal) = try await outcome(of: call), !refusal.isAbsence else { return }
        throw report(refusal, to: call)
    }

    /// Aborts all uploads of objects whose keys begin with a text, which must not be empty.
    ///
    /// - Returns: How many there were.
    /// - Throws: ``APIError``.
    @discardableResult
    func abortUploads(withPrefix prefix: String, in bucket: BucketName) async throws -> Int {
        let uploads = try await uploads(withPrefix: prefix, in: bucket)
        for upload in uploads { try await abort(upload) }
        return uploads.count
    }

    /// The uploads of objects whose keys begin with a text, which must not be empty, that are neither completed nor aborted.
    ///
    /// The keys are not asked for percent-encoded: SeaweedFS says that it has encoded them, and has not.
    ///
    /// - Throws: ``APIError``.
    func uploads(withPrefix prefix: String, in bucket: BucketName) async throws -> [MultipartUpload] {
        try requirePrefix(prefix)
        var uploads: [MultipartUpload] = []
        var markers: (key: String, id: String)?
        repeat {
            var query = [("uploads", ""), ("prefix", prefix)]
            if let markers { query += [("key-marker", markers.key), ("upload-id-marker", markers.id)] }
            guard let page = try await page(StorageCall(.get, bucket, query: query)) else { return uploads }
            for entry in page.children("Upload") {
                guard let key = entry.text(of: "Key"), key.utf8.starts(with: prefix.utf8), let id = entry.text(of: "UploadId")
                else { continue }
                uploads.append(MultipartUpload(object: ObjectName(bucket: bucket, key: key), id: id))
            }
            let next = page.nextMarker("NextUploadIdMarker", after: markers?.id)
            markers = next.map { (page.text(of: "NextKeyMarker") ?? prefix, $0) }
        } while markers != nil
        return uploads
    }
}
