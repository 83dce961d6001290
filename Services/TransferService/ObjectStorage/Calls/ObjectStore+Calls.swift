import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Logging
import NIOCore

/// Calls to the storage's private endpoint, signed by header.
extension ObjectStore {
    /// Before each repetition; a random part of it is waited, so that those who failed together don't come back together.
    private static let pauses: [Duration] = [.milliseconds(200), .milliseconds(600)]
    /// A page of a thousand keys of a thousand bytes, percent-encoded, and what is around them.
    private static let maximumAnswerBytes = 8 << 20

    /// What came of sending a call once.
    private enum Attempt {
        case answered(StorageAnswer)
        case refused(StorageRefusal)
        case unreachable(HTTPClientError)

        /// Whether another attempt may end better. After a silence it would only double the waiting.
        var mayPass: Bool {
            switch self {
            case .answered: false
            case .refused(let refusal): refusal.mayPass
            case .unreachable(let error): error.code == .connectionFailed
            }
        }
    }

    /// Makes a call, and again after failures that may pass.
    ///
    /// - Throws: ``APIError`` 502 if the storage refuses it, 503 if it can't be reached or is overloaded; `CancellationError`.
    @discardableResult
    func answer(to call: StorageCall) async throws -> StorageAnswer {
        switch try await outcome(of: call) {
        case .success(let answer): return answer
        case .failure(let refusal): throw report(refusal, to: call)
        }
    }

    /// As ``answer(to:)``, but for callers who know what to do about a refusal.
    func outcome(of call: StorageCall) async throws -> Result<StorageAnswer, StorageRefusal> {
        let end = ContinuousClock.now + call.deadline
        var attempt = try await attempt(call, until: end)
        for pause in Self.pauses where attempt.mayPass && .now + pause < end {
            try await Task.sleep(for: pause * Double.random(in: 0.5...1))
            attempt = try await self.attempt(call, until: end)
        }
        switch attempt {
        case .answered(let answer): return .success(answer)
        case .refused(let refusal):
            if refusal.code == .noSuchBucket { preparedBuckets.forget(call.bucket) }
            return .failure(refusal)
        case .unreachable(let error):
            try Task.checkCancellation()
            throw report(error, to: call)
        }
    }

    private func attempt(_ call: StorageCall, until end: ContinuousClock.Instant) async throws -> Attempt {
        let response: HTTPClientResponse
        do {
            response = try await client.collect(request(for: call), upTo: Self.maximumAnswerBytes, deadline: end - .now)
        } catch let error as HTTPClientError {
            return .unreachable(error)
        }
        let isSuccess = response.head.status.kind == .successful
        let document = call.answersInXML || !isSuccess ? AnswerReader.read(response.body.readableBytesView) : nil
        guard isSuccess, document?.name != "Error" else {
            return .refused(StorageRefusal(status: response.head.status, fields: response.head.headerFields, document: document))
        }
        guard !call.answersInXML || document != nil else { throw unexpectedAnswer("XML") }
        return .answered(StorageAnswer(fields: response.head.headerFields, document: document))
    }

    private func request(for call: StorageCall) -> HTTPClientRequest {
        let address = address(of: .privateEndpoint)
        let path = address.path(bucket: call.bucket.rawValue, key: call.key)
        let query = StorageQuery(call.query)
        let fields = signer(now: Date()).signedFields(
            call.method, host: address.host, path: path, query: query, fields: call.fields, body: call.body)
        return HTTPClientRequest(
            method: call.method, url: address.origin + path + (query.isEmpty ? "" : "?\(query.text)"), headerFields: fields,
            body: call.body.isEmpty ? .none : .bytes(ByteBuffer(bytes: call.body)))
    }

    // MARK: - For people

    /// A success that lacks what S3 says with it, as when `private_url` leads to something else.
    func unexpectedAnswer(_ missing: String) -> APIError {
        logger.error(
            "the object storage's answer is not S3's",
            metadata: ["storage": "\(settings.name)", "lacks": "\(missing)", "remedy": "check private_url of the storage"])
        return APIError(.badGateway, "The object storage \(settings.name) gives an answer that is not S3's, without \(missing); tell the operator")
    }

    /// Writes the refusal down with what to do about it, and makes the API's error of it.
    func report(_ refusal: StorageRefusal, to call: StorageCall) -> APIError {
        logger.error(
            "the object storage refuses a call",
            metadata: [
                "storage": "\(settings.name)", "call": "\(call.method.rawValue)", "bucket": "\(call.bucket.rawValue)",
                "code": "\(refusal.code.rawValue)", "status": "\(refusal.status.code)",
                "storage.request_id": "\(refusal.requestID ?? "")", "remedy": "\(refusal.remedy)",
            ])
        return refusal.apiError(storage: settings.name)
    }

    /// The error's own words name the server, and `private_url` is a secret; its code is enough.
    private func report(_ error: HTTPClientError, to call: StorageCall) -> APIError {
        let (cause, remedy) = error.code.storageWords
        logger.warning(
            "the object storage cannot be reached",
            metadata: ["storage": "\(settings.name)", "call": "\(call.method.rawValue)", "cause": "\(cause)", "remedy": "\(remedy)"])
        return APIError(.serviceUnavailable, "The object storage \(settings.name) cannot be reached; try again later", causes: [cause])
    }
}

extension HTTPClientError.Code {
    /// What happened, and what the operator can do about it.
    fileprivate var storageWords: (cause: String, remedy: String) {
        switch self {
        case .connectionFailed: ("no connection to the storage, or it broke off", "check that the storage runs and private_url leads to it")
        case .timedOut: ("no answer from the storage in time", "see whether the storage is overloaded, or a firewall drops the packets to it")
        case .tls: ("TLS with the storage failed", "check the storage's certificate, and that this host trusts who issued it")
        case .invalidURL, .invalidRequest: ("the storage's URL cannot be used", "check private_url of the storage")
        case .responseTooLarge, .protocol: ("the storage's answer is not S3's", "check private_url of the storage")
        default: ("the call was not made", "see whether this service lacks memory or descriptors, or is being stopped")
        }
    }
}
