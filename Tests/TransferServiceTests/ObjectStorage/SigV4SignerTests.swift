import FoundationEssentials
import GoldcrestConfiguration
import HTTPTypes
import Testing

@testable import TransferService

/// The examples of Amazon S3 API, “Signature Calculations for the Authorization Header” and “Authenticating Requests: Using Query Parameters”,
/// with the keys that Amazon prints there.
@Suite("AWS Signature Version 4, by Amazon's examples")
struct SigV4SignerTests {
    static let accessKeyID = "AKIAIOSFODNN7EXAMPLE"
    static let host = "examplebucket.s3.amazonaws.com"
    /// 24 May 2013, 00:00 UTC.
    static let date = Date(timeIntervalSince1970: 1_369_353_600)
    static let signer = SigV4Signer(
        accessKeyID: Secret(accessKeyID), secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), region: "us-east-1", date: date)

    private func authorization(
        _ method: HTTPRequest.Method, _ path: String, query: [(name: String, value: String)] = [], fields: HTTPFields = [:], body: String = ""
    ) -> String? {
        Self.signer.signedFields(
            method, host: Self.host, path: path, query: StorageQuery(query), fields: fields, body: Array(body.utf8))[.authorization]
    }

    private func expected(signedFields: String, signature: String) -> String {
        "AWS4-HMAC-SHA256 Credential=\(Self.accessKeyID)/20130524/us-east-1/s3/aws4_request,SignedHeaders=\(signedFields),Signature=\(signature)"
    }

    @Test("GET Object, with a range")
    func getObject() {
        #expect(
            authorization(.get, "/test.txt", fields: [.range: "bytes=0-9"])
                == expected(
                    signedFields: "host;range;x-amz-content-sha256;x-amz-date",
                    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
    }

    @Test("PUT Object, whose key has a dollar sign")
    func putObject() throws {
        var fields: HTTPFields = [.date: "Fri, 24 May 2013 00:00:00 GMT"]
        fields[try #require(HTTPField.Name("x-amz-storage-class"))] = "REDUCED_REDUNDANCY"
        let path = "/\(try #require(StorageAddress("https://\(Self.host)")).path(bucket: "", key: "test$file.text").dropFirst(2))"
        #expect(
            authorization(.put, path, fields: fields, body: "Welcome to Amazon S3.")
                == expected(
                    signedFields: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test("GET Bucket Lifecycle, whose parameter has no value")
    func getLifecycle() {
        #expect(
            authorization(.get, "/", query: [("lifecycle", "")])
                == expected(
                    signedFields: "host;x-amz-content-sha256;x-amz-date",
                    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    @Test("Get Bucket (List Objects), whatever the order of the parameters")
    func listObjects() {
        #expect(
            authorization(.get, "/", query: [("prefix", "J"), ("max-keys", "2")])
                == expected(
                    signedFields: "host;x-amz-content-sha256;x-amz-date",
                    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test("a presigned GET Object")
    func presigned() {
        #expect(
            Self.signer.presignedQuery(.get, host: Self.host, path: "/test.txt", lifetime: 86400).text
                == "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    @Test("what is signed is sent")
    func fields() {
        let fields = Self.signer.signedFields(.put, host: Self.host, path: "/x", fields: [.contentType: "application/xml"], body: [])
        let names = Set(fields.map(\.name.canonicalName))
        #expect(names == ["authorization", "content-type", "x-amz-content-sha256", "x-amz-date"])
    }
}
