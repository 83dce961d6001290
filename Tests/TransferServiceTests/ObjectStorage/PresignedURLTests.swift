import Foundation
import GoldcrestConfiguration
import GoldcrestHTTPClient
import GoldcrestProtocol
import HTTPTypes
import Logging
import Testing

@testable import TransferService

@Suite("presigned URLs")
struct PresignedURLTests {
    /// What botocore made of random parameters; `Fixtures/presigned-urls.py` records it.
    struct Recording: Decodable {
        struct Case: Decodable {
            let endpoint: String
            let accessKeyID: String
            let secretAccessKey: String
            let region: String
            let tenant: String?
            let bucket: String
            let key: String
            let method: String
            let query: [[String]]
            let expires: Int
            let time: Int
            let url: String
        }

        let cases: [Case]
    }

    private func store(
        _ endpoint: String, publicURL: String? = nil, accessKeyID: String = "id", secretAccessKey: String = "secret", region: String = "us-east-1",
        tenant: String? = nil
    ) throws -> ObjectStore {
        let logger = Logger(label: "test")
        return try ObjectStore(
            .init(
                name: "storage", privateURL: Secret(endpoint), publicURL: publicURL ?? endpoint, accessKeyID: Secret(accessKeyID),
                secretAccessKey: Secret(secretAccessKey), region: region, ttl: .seconds(60), tenant: tenant),
            client: HTTPClient(logger: logger), logger: logger)
    }

    @Test("are those of botocore for the same time, key and parameters")
    func botocore() throws {
        let file = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil)).appendingPathComponent("presigned-urls.json")
        let recording = try JSONDecoder().decode(Recording.self, from: Data(contentsOf: file))
        #expect(recording.cases.count == 100)
        for recorded in recording.cases {
            let store = try store(
                recorded.endpoint, accessKeyID: recorded.accessKeyID, secretAccessKey: recorded.secretAccessKey, region: recorded.region,
                tenant: recorded.tenant)
            let url = try store.presignedURL(
                try #require(HTTPRequest.Method(recorded.method)), ObjectName(bucket: BucketName(rawValue: recorded.bucket), key: recorded.key),
                query: recorded.query.map { (name: $0[0], value: $0[1]) }, at: .privateEndpoint, expiresIn: .seconds(recorded.expires),
                now: Date(timeIntervalSince1970: TimeInterval(recorded.time)))
            #expect(url == recorded.url)
        }
    }

    @Test("are for the public or the private endpoint")
    func endpoints() throws {
        let store = try store("http://10.0.0.1:9000", publicURL: "https://s3.example.org/storage/")
        let object = ObjectName(bucket: BucketName(rawValue: "alice"), key: "a/b c")
        let url = try store.presignedURL(.get, object, at: .publicEndpoint, expiresIn: .seconds(60))
        #expect(url.hasPrefix("https://s3.example.org/storage/alice/a/b%20c?X-Amz-Algorithm="))
        let privateURL = try store.presignedURL(.get, object, at: .privateEndpoint, expiresIn: .seconds(60))
        #expect(privateURL.hasPrefix("http://10.0.0.1:9000/alice/a/b%20c?X-Amz-Algorithm="))
    }

    @Test("of parts are what each alone would be")
    func parts() throws {
        let store = try store("http://127.0.0.1:9000", tenant: "team")
        let upload = MultipartUpload(object: ObjectName(bucket: BucketName(rawValue: "alice"), key: "k"), id: "u/1")
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let urls = try store.presignedPartURLs(of: upload, count: 3, at: .publicEndpoint, expiresIn: .seconds(60), now: now)
        #expect(urls.count == 3)
        #expect(Set(urls).count == 3)
        let third = try store.presignedURL(
            .put, upload.object, query: [("uploadId", "u/1"), ("partNumber", "3")], at: .publicEndpoint, expiresIn: .seconds(60), now: now)
        #expect(urls.last == third)
        #expect(third.hasPrefix("http://127.0.0.1:9000/team%3Aalice/k?uploadId=u%2F1&partNumber=3&"))
        let completion = try store.presignedCompletionURL(of: upload, at: .publicEndpoint, expiresIn: .seconds(60), now: now)
        let post = try store.presignedURL(.post, upload.object, query: [("uploadId", "u/1")], at: .publicEndpoint, expiresIn: .seconds(60), now: now)
        #expect(completion == post)
    }

    @Test("are good for no longer than S3 allows", arguments: [0, -1, 604_801])
    func lifetimes(seconds: Int) throws {
        let store = try store("http://127.0.0.1:9000")
        let object = ObjectName(bucket: BucketName(rawValue: "alice"), key: "k")
        #expect(throws: APIError.self) { try store.presignedURL(.get, object, at: .publicEndpoint, expiresIn: .seconds(seconds)) }
    }

    @Test(
        "need a URL that is nothing but a place",
        arguments: ["ftp://x", "x", "http://", "http://user:word@host", "http://host?x", "http://host/#x", "http://höst", "http:///path"])
    func addresses(url: String) {
        #expect(StorageAddress(url) == nil)
        #expect(throws: ConfigurationError.self) { try store(url) }
    }
}
