import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Logging
import Testing

@testable import TransferService

@Suite("an object storage that doesn't answer as it should")
struct ObjectStoreFaultTests {
    static let bucket = BucketName(rawValue: "alice")
    static let object = ObjectName(bucket: bucket, key: "t/file")
    static let upload = MultipartUpload(object: object, id: "u")
    static let part = UploadedPart(number: 1, size: 5, eTag: "\"e\"")

    private static let completed = "<CompleteMultipartUploadResult><Key>t/file</Key></CompleteMultipartUploadResult>"

    /// The error that the body throws, which tells nothing secret.
    private func failure(_ fake: FakeStorage? = nil, _ body: () async throws -> Void) async throws -> APIError {
        do {
            try await body()
        } catch let error as APIError {
            let told = ([error.message] + error.causes + (fake?.log ?? [])).joined(separator: "\n")
            for secret in ["AKIDSECRET", "VERYSECRET", "127.0.0.1", "X-Amz"] { #expect(!told.contains(secret), "\(told)") }
            return error
        }
        throw NothingThrown()
    }

    private struct NothingThrown: Error {}

    @Test("is asked again when it is busy or broken for a moment", arguments: ["SlowDown", "InternalError", "ServiceUnavailable"])
    func busy(code: String) async throws {
        try await FakeStorage.with { call, number in
            number < 3 ? .error(code == "InternalError" ? .internalServerError : .serviceUnavailable, code) : .init(status: .noContent)
        } _: { store, fake in
            try await store.delete(Self.object)
            #expect(fake.calls.map(\.method) == ["DELETE", "DELETE", "DELETE"])
            #expect(fake.log.isEmpty)
        }
    }

    @Test("is left alone when it stays busy, with a 503")
    func overloaded() async throws {
        try await FakeStorage.with { _, _ in .error(.serviceUnavailable, "SlowDown") } _: { store, fake in
            let error = try await failure(fake) { try await store.abort(Self.upload) }
            #expect(error.status == .serviceUnavailable)
            #expect(error.causes == ["S3 error SlowDown, status 503"])
            #expect(fake.calls.count == 3)
        }
    }

    @Test(
        "may refuse the service's keys: the operator is told the remedy, the user that there is one",
        arguments: [
            ("SignatureDoesNotMatch", "secret_access_key"), ("InvalidAccessKeyId", "access_key_id"), ("RequestTimeTooSkewed", "clocks"),
            ("AccessDenied", "let the storage's keys"),
        ])
    func refused(code: String, remedy: String) async throws {
        try await FakeStorage.with { _, _ in .error(.forbidden, code) } _: { store, fake in
            let error = try await failure(fake) { try await store.delete(Self.object) }
            #expect(error.status == .badGateway)
            #expect(error.message.contains("keys") && error.message.contains("operator"))
            #expect(error.causes == ["S3 error \(code), status 403"])
            #expect(fake.calls.count == 1)
            let log = try #require(fake.log.first)
            #expect(log.hasPrefix("error: ") && log.contains(remedy) && log.contains("r-1"), "\(log)")
        }
    }

    @Test("may not be there at all")
    func unreachable() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let client = HTTPClient(logger: logger)
        // Nobody may listen on port 1 but root's tcpmux.
        let store = try ObjectStore(.fake(port: 1), client: client, logger: logger)
        let error = try await failure { _ = try await store.beginMultipartUpload(of: Self.object) }
        #expect(error.status == .serviceUnavailable)
        #expect(error.message.contains("cannot be reached"))
        #expect(error.causes == ["no connection to the storage, or it broke off"])
        await client.shutdown()
    }

    @Test("may tell an error behind the status of a success")
    func lateError() async throws {
        try await FakeStorage.with { call, number in
            number == 1 ? .error(.ok, "InternalError") : number == 2 ? .init(text: "\n  \n" + Self.completed) : .error(.ok, "InvalidPart")
        } _: { store, fake in
            try await store.complete(Self.upload, parts: [Self.part])
            #expect(fake.calls.count == 2)
            #expect(fake.calls.first?.body.contains("<Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag></Part>") == true)
            let error = try await failure(fake) { try await store.complete(Self.upload, parts: [Self.part]) }
            #expect(error.status == .badGateway && error.causes == ["S3 error InvalidPart, status 200"])
        }
    }

    @Test("may have completed an upload although its answer was lost")
    func lostCompletion() async throws {
        try await FakeStorage.with { call, _ in
            call.method == "HEAD" ? .init(text: "5") : .error(.notFound, "NoSuchUpload")
        } _: { store, fake in
            try await store.complete(Self.upload, parts: [Self.part])
            #expect(fake.calls.map(\.method) == ["POST", "HEAD"])
        }
        try await FakeStorage.with { call, _ in .error(.notFound, "NoSuchUpload") } _: { store, fake in
            let error = try await failure(fake) { try await store.complete(Self.upload, parts: [Self.part]) }
            #expect(error.causes == ["S3 error NoSuchUpload, status 404"])
        }
    }

    @Test("may be no S3 at all", arguments: ["", "<html>", "<html><body>Welcome</body></html>", "{}", "<ListPartsResult>"])
    func otherAnswers(text: String) async throws {
        try await FakeStorage.with { _, _ in .init(text: text) } _: { store, fake in
            let error = try await failure(fake) { _ = try await store.beginMultipartUpload(of: Self.object) }
            #expect(error.status == .badGateway)
        }
    }

    @Test(
        "may lack lifecycles, which is only worth a warning",
        arguments: [(501, "NotImplemented"), (405, "MethodNotAllowed"), (403, "AccessDenied")])
    func withoutLifecycles(status: Int, code: String) async throws {
        try await FakeStorage.with { call, _ in
            call.path.contains("lifecycle") ? .error(.init(code: status), code) : .init(text: "0")
        } _: { store, fake in
            try await store.prepareBucket(Self.bucket)
            #expect(fake.log.count == 1)
            #expect(fake.log.first?.hasPrefix("warning: ") == true)
            try await store.prepareBucket(Self.bucket)
            #expect(fake.bucketCalls == ["HEAD /alice", "PUT /alice?lifecycle="])
        }
    }

    @Test("may have lost the bucket, which is made again")
    func lostBucket() async throws {
        try await FakeStorage.with { call, number in
            switch (call.method, call.path) {
            // There at first, then gone until it is created.
            case ("HEAD", _): number == 1 ? .init(text: "0") : .error(.notFound, "NoSuchBucket")
            case ("POST", _) where number == 3: .error(.notFound, "NoSuchBucket")
            case ("POST", _): .init(text: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
            default: .init()
            }
        } _: { store, fake in
            let upload = try await store.beginMultipartUpload(of: Self.object)
            #expect(upload == Self.upload)
            #expect(fake.bucketCalls == ["HEAD /alice", "PUT /alice?lifecycle=", "HEAD /alice", "PUT /alice", "PUT /alice?lifecycle="])
        }
    }

    @Test("may have locations that are not named like its region")
    func locations() async throws {
        try await FakeStorage.with(region: "zürich") { call, number in
            switch (call.method, call.body.contains("<LocationConstraint>zürich</LocationConstraint>")) {
            case ("HEAD", _): .init(status: .notFound)
            case ("PUT", true): .error(.badRequest, "InvalidLocationConstraint")
            default: .init()
            }
        } _: { store, fake in
            try await store.prepareBucket(Self.bucket)
            #expect(fake.bucketCalls == ["HEAD /alice", "PUT /alice", "PUT /alice", "PUT /alice?lifecycle="])
        }
    }

    @Test("may give its lists in pages, may add what was not asked for, and may never come to an end")
    func pages() async throws {
        try await FakeStorage.with { call, number in
            guard call.method == "GET" else { return .init(status: .noContent) }
            let next = call.path.contains("continuation-token=2") ? "2" : "\((call.path.contains("continuation-token") ? 1 : 0) + 1)"
            return .init(
                text: """
                    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
                    <NextContinuationToken>\(next)</NextContinuationToken><Contents><Key>t/a+b%2Bc%01\(next)</Key></Contents>
                    <Contents><Key>other/a</Key></Contents></ListBucketResult>
                    """)
        } _: { store, fake in
            let count = try await store.deleteObjects(withPrefix: "t/", in: Self.bucket)
            #expect(count == 3)
            let deleted = fake.calls.filter { $0.method == "DELETE" }.map(\.path)
            #expect(deleted == ["/alice/t/a%20b%2Bc%011", "/alice/t/a%20b%2Bc%012", "/alice/t/a%20b%2Bc%012"])
        }
    }

    @Test("is never emptied as a whole")
    func prefixes() async throws {
        try await FakeStorage.with { _, _ in .init() } _: { store, fake in
            for operation in [store.deleteObjects, store.abortUploads] {
                let error = try await failure(fake) { _ = try await operation("", Self.bucket) }
                #expect(error.status == .internalServerError)
            }
            #expect(fake.calls.isEmpty)
        }
    }

    @Test("keeps nobody waiting who has gone")
    func cancellation() async throws {
        try await FakeStorage.with { _, _ in .error(.serviceUnavailable, "SlowDown") } _: { store, _ in
            let task = Task { try await store.delete(Self.object) }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
