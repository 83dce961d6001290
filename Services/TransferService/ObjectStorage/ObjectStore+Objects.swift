import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes

extension ObjectStore {
    /// Writes a small object, as of an empty file, which no multipart upload makes.
    ///
    /// - Throws: ``APIError``.
    func put(_ bytes: [UInt8], to object: ObjectName) async throws {
        var call = StorageCall(.put, object)
        call.fields[.contentType] = "application/octet-stream"
        call.body = bytes
        try await answerInBucket(to: call)
    }

    /// - Returns: The size of an object in bytes, or `nil` if there is none.
    /// - Throws: ``APIError``.
    func head(_ object: ObjectName) async throws -> Int? {
        let call = StorageCall(.head, object)
        switch try await outcome(of: call) {
        case .success(let answer):
            guard let size = answer.fields[.contentLength].flatMap({ Int($0) }) else { throw unexpectedAnswer("Content-Length") }
            return size
        case .failure(let refusal) where refusal.isAbsence: return nil
        case .failure(let refusal): throw report(refusal, to: call)
        }
    }

    /// Deletes an object; one that is not there is fine.
    ///
    /// - Throws: ``APIError``.
    func delete(_ object: ObjectName) async throws {
        let call = StorageCall(.delete, object)
        guard case .failure(let refusal) = try await outcome(of: call), !refusal.isAbsence else { return }
        throw report(refusal, to: call)
    }

    /// Deletes all objects whose keys begin with a text, which must not be empty.
    ///
    /// - Returns: How many there were.
    /// - Throws: ``APIError``.
    @discardableResult
    func deleteObjects(withPrefix prefix: String, in bucket: BucketName) async throws -> Int {
        try requirePrefix(prefix)
        var count = 0
        var token: String?
        repeat {
            var query = [("list-type", "2"), ("prefix", prefix), ("encoding-type", "url")]
            if let token { query.append(("continuation-token", token)) }
            guard let page = try await page(StorageCall(.get, bucket, query: query)) else { return count }
            for key in page.children("Contents").compactMap(page.key) where key.utf8.starts(with: prefix.utf8) {
                try await delete(ObjectName(bucket: bucket, key: key))
                count += 1
            }
            token = page.nextMarker("NextContinuationToken", after: token)
        } while token != nil
        return count
    }

    // MARK: - Shared with multipart uploads

    /// Makes a call that needs its bucket, which is made ready before, and again if it has been removed since.
    @discardableResult
    func answerInBucket(to call: StorageCall) async throws -> StorageAnswer {
        try await prepareBucket(call.bucket)
        let outcome = try await outcome(of: call)
        guard case .failure(let refusal) = outcome else { return try outcome.get() }
        guard refusal.code == .noSuchBucket else { throw report(refusal, to: call) }
        try await prepareBucket(call.bucket)
        return try await answer(to: call)
    }

    /// - Returns: A page of a list, or `nil` if there is no bucket.
    func page(_ call: StorageCall) async throws -> AnswerElement? {
        let call = call.readingXML
        switch try await outcome(of: call) {
        case .success(let answer): return answer.document
        case .failure(let refusal) where refusal.isAbsence: return nil
        case .failure(let refusal): throw report(refusal, to: call)
        }
    }

    /// Everything begins with nothing.
    func requirePrefix(_ prefix: String) throws {
        guard !prefix.isEmpty else { throw APIError(.internalServerError, "A bucket is cleaned up by a prefix, never as a whole") }
    }
}

extension AnswerElement {
    /// The key of an entry of this list, which is percent-encoded on demand, because XML cannot hold every character (Amazon S3 API,
    /// `encoding-type`). A space is a plus sign then.
    func key(of entry: AnswerElement) -> String? {
        guard let text = entry.text(of: "Key") else { return nil }
        return self.text(of: "EncodingType") == "url" ? PercentEncoding.decode(text, plusIsSpace: true) : text
    }

    /// Where the next page begins, unless this is the last one or the list doesn't move on.
    func nextMarker(_ name: String, after marker: String?) -> String? {
        guard text(of: "IsTruncated") == "true", let next = text(of: name), !next.isEmpty, next != marker else { return nil }
        return next
    }
}
