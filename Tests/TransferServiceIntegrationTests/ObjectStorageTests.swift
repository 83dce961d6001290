import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Logging
import NIOCore
import StackTesting
import Testing

@testable import TransferService

@Suite("A real S3 storage, which checks signatures")
struct ObjectStorageTests {
    /// Keys that only get through if they are encoded and signed right.
    private static let awkwardNames = [
        "plain.txt", "two words", "a+b", "a&b=c?d#e", "100%", "%2F%20", "it's", "\"quoted\"", "<tag>;,:@$!*()[]{}|^`", "ünïcödé-鳥-🐦",
        "e\u{301}", "~tilde.and_dash-", " lead", "trail ", "a//b", "\\back",
    ]

    /// A store on the stack's storage, and the bucket of a user for the test alone, which is emptied afterwards.
    private struct Fixture: Sendable {
        let settings: Cluster.DataTransfer.S3
        let client: HTTPClient
        let store: ObjectStore
        let bucket: BucketName

        static func with(_ body: @Sendable (Fixture) async throws -> Void) async throws {
            let stack = try Stack()
            let url = try stack["S3_URL"]
            let settings = Cluster.DataTransfer.S3(
                name: "storage", privateURL: Secret(url), publicURL: url.replacing("127.0.0.1", with: "localhost"),
                accessKeyID: Secret(try stack["S3_ACCESS_KEY"]), secretAccessKey: Secret(try stack["S3_SECRET_KEY"]), region: try stack["S3_REGION"],
                ttl: .seconds(60), bucketLifecycleDays: 3)
            var logger = Logger(label: "object-storage-tests")
            logger.logLevel = .critical
            let client = HTTPClient(logger: logger)
            let user = "Test_\(UInt64.random(in: .min ... .max))"
            let store = try ObjectStore(settings, client: client, logger: logger)
            let fixture = Fixture(settings: settings, client: client, store: store, bucket: BucketName(ofUser: user))
            let result: Result<Void, any Error>
            do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
            try await fixture.store.deleteObjects(withPrefix: "t/", in: fixture.bucket)
            try await fixture.store.abortUploads(withPrefix: "t/", in: fixture.bucket)
            _ = try await fixture.store.outcome(of: StorageCall(.delete, fixture.bucket))
            await client.shutdown()
            try result.get()
        }

        func object(_ name: String) -> ObjectName { ObjectName(bucket: bucket, key: "t/\(name)") }

        /// A store that differs in its settings.
        func store(changing change: (inout Cluster.DataTransfer.S3) -> Void) throws -> ObjectStore {
            var settings = settings
            change(&settings)
            return try ObjectStore(settings, client: client, logger: store.logger)
        }

        /// Does what a user or a job does with a presigned URL.
        func use(
            _ method: HTTPRequest.Method, _ url: String, fields: HTTPFields = [:], body: [UInt8] = []
        ) async throws -> HTTPClientResponse {
            let request = HTTPClientRequest(
                method: method, url: url, headerFields: fields, body: body.isEmpty ? .none : .bytes(ByteBuffer(bytes: body)))
            return try await client.collect(request, upTo: 32 << 20, deadline: .seconds(60))
        }
    }

    private static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<(count + 7) / 8).flatMap { _ in withUnsafeBytes(of: generator.next() as UInt64, Array.init) }.prefix(count).map(\.self)
    }

    @Test("objects with any name are written, read and looked at by presigned URLs, and deleted")
    func presignedObjects() async throws {
        try await Fixture.with { fixture in
            let store = fixture.store
            try await store.prepareBucket(fixture.bucket)
            for name in Self.awkwardNames {
                let object = fixture.object(name)
                let content = Array("content of \(name)".utf8)
                func url(_ method: HTTPRequest.Method, _ endpoint: ObjectStore.Endpoint) throws -> String {
                    try store.presignedURL(method, object, at: endpoint, expiresIn: .seconds(60))
                }
                let put = try await fixture.use(.put, url(.put, .publicEndpoint), body: content)
                #expect(put.head.status == .ok, "\(name): \(String(buffer: put.body))")
                let size = try await store.head(object)
                #expect(size == content.count, "\(name)")
                let get = try await fixture.use(.get, url(.get, .privateEndpoint))
                #expect(get.head.status == .ok && Array(get.body.readableBytesView) == content, "\(name)")
                let range = try await fixture.use(.get, url(.get, .publicEndpoint), fields: [.range: "bytes=8-9"])
                #expect(range.head.status == .partialContent && String(buffer: range.body) == "of", "\(name)")
                let head = try await fixture.use(.head, url(.head, .publicEndpoint))
                #expect(head.head.headerFields[.contentLength] == "\(content.count)", "\(name)")
            }
            let count = try await store.deleteObjects(withPrefix: "t/", in: fixture.bucket)
            #expect(count == Self.awkwardNames.count)
            for name in Self.awkwardNames {
                let size = try await store.head(fixture.object(name))
                #expect(size == nil, "\(name)")
            }
        }
    }

    @Test("a presigned URL is good for its method, object and time only")
    func presignedLimits() async throws {
        try await Fixture.with { fixture in
            let object = fixture.object("x")
            try await fixture.store.put([1, 2, 3], to: object)
            let get = try fixture.store.presignedURL(.get, object, at: .publicEndpoint, expiresIn: .seconds(60))
            let before = Date(timeIntervalSinceNow: -120)
            let late = try fixture.store.presignedURL(.get, object, at: .publicEndpoint, expiresIn: .seconds(60), now: before)
            for (method, url) in [(HTTPRequest.Method.put, get), (.delete, get), (.get, get.replacing("/t/x?", with: "/t/y?")), (.get, late)] {
                let answer = try await fixture.use(method, url)
                #expect(answer.head.status == .forbidden, "\(method) \(String(buffer: answer.body))")
            }
            let size = try await fixture.store.head(object)
            #expect(size == 3)
        }
    }

    @Test("parts uploaded by presigned URLs become an object by the presigned completion")
    func presignedMultipart() async throws {
        try await Fixture.with { fixture in
            for (index, name) in Self.awkwardNames.enumerated() {
                let content = Self.bytes(index == 0 ? 5 << 20 + 17 : 17)
                let plan = try PartPlan(size: content.count, maxPartSize: 5 << 20)
                #expect(plan.count == (index == 0 ? 2 : 1))
                let upload = try await fixture.store.beginMultipartUpload(of: fixture.object(name))
                try await send(content, by: plan, to: upload, fixture)
                let url = try fixture.store.presignedURL(.get, upload.object, at: .privateEndpoint, expiresIn: .seconds(60))
                let get = try await fixture.use(.get, url)
                #expect(Array(get.body.readableBytesView) == content, "\(name)")
                let left = try await fixture.store.parts(of: upload)
                #expect(left == nil)
            }
        }
    }

    private func send(_ content: [UInt8], by plan: PartPlan, to upload: MultipartUpload, _ fixture: Fixture) async throws {
        var completion = ""
        let urls = try fixture.store.presignedPartURLs(of: upload, count: plan.count, at: .publicEndpoint, expiresIn: .seconds(60))
        for (number, url) in zip(1..., urls) {
            let part = try await fixture.use(.put, url, body: Array(content[plan.range(ofPart: number)]))
            #expect(part.head.status == .ok, "\(upload.object.key): \(String(buffer: part.body))")
            let eTag = try #require(part.head.headerFields[.eTag])
            completion += "<Part><PartNumber>\(number)</PartNumber><ETag>\(eTag)</ETag></Part>"
            let uploaded = try await fixture.store.uploadedBytes(of: upload)
            #expect(uploaded == plan.range(ofPart: number).upperBound)
        }
        let answer = try await fixture.use(
            .post, try fixture.store.presignedCompletionURL(of: upload, at: .publicEndpoint, expiresIn: .seconds(60)),
            fields: [.contentType: "application/xml"], body: Array("<CompleteMultipartUpload>\(completion)</CompleteMultipartUpload>".utf8))
        #expect(answer.head.status == .ok, "\(upload.object.key): \(String(buffer: answer.body))")
    }

    @Test("the service itself completes an upload, and says what is wrong with one")
    func completion() async throws {
        try await Fixture.with { fixture in
            let store = fixture.store
            let upload = try await store.beginMultipartUpload(of: fixture.object("x"))
            let url = try store.presignedPartURLs(of: upload, count: 1, at: .privateEndpoint, expiresIn: .seconds(60))[0]
            _ = try await fixture.use(.put, url, body: [7])
            let parts = try #require(try await store.parts(of: upload))
            #expect(parts.map(\.number) == [1] && parts.map(\.size) == [1])
            let error = await #expect(throws: APIError.self) {
                try await store.complete(upload, parts: [UploadedPart(number: 1, size: 1, eTag: "\"00000000000000000000000000000000\"")])
            }
            #expect(error?.status == .badGateway)
            #expect(error?.causes.first?.contains("InvalidPart") == true)
            try await store.complete(upload, parts: parts)
            let size = try await store.head(upload.object)
            #expect(size == 1)
            // Repeated, it is done already.
            try await store.complete(upload, parts: parts)
        }
    }

    @Test("uploads are aborted, one and all, and nothing else is")
    func aborting() async throws {
        try await Fixture.with { fixture in
            let store = fixture.store
            var uploads: [MultipartUpload] = []
            // SeaweedFS makes a slash of a backslash, and one of two, in the list of uploads.
            for name in Self.awkwardNames where !name.contains("\\") && !name.contains("//") {
                uploads.append(try await store.beginMultipartUpload(of: fixture.object("1/\(name)")))
            }
            let other = try await store.beginMultipartUpload(of: fixture.object("10/x"))
            let listed = try await store.uploads(withPrefix: "t/1/", in: fixture.bucket)
            #expect(Set(listed) == Set(uploads))
            let first = try #require(uploads.first)
            try await store.abort(first)
            try await store.abort(first)
            let bytes = try await store.uploadedBytes(of: first)
            #expect(bytes == nil)
            let count = try await store.abortUploads(withPrefix: "t/1/", in: fixture.bucket)
            #expect(count == uploads.count - 1)
            let left = try await store.uploads(withPrefix: "t/", in: fixture.bucket)
            #expect(left == [other])
        }
    }

    @Test("more than a page of objects is deleted")
    func pages() async throws {
        try await Fixture.with { fixture in
            try await fixture.store.prepareBucket(fixture.bucket)
            try await (0..<1010).forEach(atOnce: 16) { try await fixture.store.put([], to: fixture.object("p/\($0)")) }
            let count = try await fixture.store.deleteObjects(withPrefix: "t/p/", in: fixture.bucket)
            #expect(count == 1010)
        }
    }

    @Test("an empty object is one, and a missing one is none")
    func emptyObject() async throws {
        try await Fixture.with { fixture in
            let object = fixture.object("empty")
            try await fixture.store.put([], to: object)
            let sizes = (try await fixture.store.head(object), try await fixture.store.head(fixture.object("none")))
            #expect(sizes == (0, nil))
            try await fixture.store.delete(object)
            try await fixture.store.delete(object)
            let noBucket = BucketName(ofUser: "No such user \(UInt64.random(in: .min ... .max))")
            let count = try await fixture.store.deleteObjects(withPrefix: "t/", in: noBucket)
            #expect(count == 0)
        }
    }

    @Test("a bucket is made once, has a lifecycle, and is made again when it is gone")
    func buckets() async throws {
        try await Fixture.with { fixture in
            let store = fixture.store
            try await store.prepareBucket(fixture.bucket)
            // By another process, to which it is new.
            try await fixture.store { _ in }.prepareBucket(fixture.bucket)
            let lifecycle = try await store.answer(to: StorageCall(.get, fixture.bucket, query: [("lifecycle", "")]).readingXML)
            let rule = try #require(lifecycle.document?.children("Rule").first)
            #expect(rule.text(of: "Status") == "Enabled")
            #expect(rule.children("Expiration").first?.integer(of: "Days") == 3)
            try await store.answer(to: StorageCall(.delete, fixture.bucket))
            try await store.put([1], to: fixture.object("x"))
            let size = try await store.head(fixture.object("x"))
            #expect(size == 1)
        }
    }

    @Test("wrong keys are refused, and the error says what is wrong without telling them")
    func wrongKeys() async throws {
        try await Fixture.with { fixture in
            try await fixture.store.prepareBucket(fixture.bucket)
            let stores = try [
                ("SignatureDoesNotMatch", fixture.store { $0.secretAccessKey = Secret("wr0ngSecret") }),
                ("InvalidAccessKeyId", fixture.store { $0.accessKeyID = Secret("wr0ngKey") }),
            ]
            for (code, store) in stores {
                let error = await #expect(throws: APIError.self) { try await store.deleteObjects(withPrefix: "t/", in: fixture.bucket) }
                #expect(error?.status == .badGateway)
                #expect(error?.causes == ["S3 error \(code), status 403"])
                // HEAD has no body to say why.
                let refused = await #expect(throws: APIError.self) { try await store.beginMultipartUpload(of: fixture.object("x")) }
                #expect(refused?.status == .badGateway)
                #expect(refused?.message.contains("keys") == true)
                for error in [error, refused] { #expect(!"\(String(describing: error))".contains("wr0ng")) }
                let url = try store.presignedURL(.get, fixture.object("x"), at: .publicEndpoint, expiresIn: .seconds(60))
                let answer = try await fixture.use(.get, url)
                #expect(answer.head.status == .forbidden)
            }
        }
    }

    @Test("a storage that cannot be reached is a 503 without its address")
    func unreachable() async throws {
        try await Fixture.with { fixture in
            let port = try FreePort.find()
            let store = try fixture.store { $0.privateURL = Secret("http://127.0.0.1:\(port)") }
            let error = await #expect(throws: APIError.self) { try await store.prepareBucket(fixture.bucket) }
            #expect(error?.status == .serviceUnavailable)
            #expect(error?.message.contains("cannot be reached") == true)
            #expect(!"\(String(describing: error))".contains("\(port)"))
        }
    }
}
