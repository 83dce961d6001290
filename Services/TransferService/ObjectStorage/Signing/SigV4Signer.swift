import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestCryptography
import HTTPTypes

/// Signs requests to S3 with AWS Signature Version 4, without a session token (Amazon S3 API, “Authenticating Requests”).
///
/// A signer is made for a moment and derives its key once, so it signs any number of requests of that moment for the price of a digest each.
struct SigV4Signer: Sendable {
    private static let algorithm = "AWS4-HMAC-SHA256"
    /// What stands in the place of a body's digest in presigned URLs, whose body is not known yet.
    private static let unsignedPayload = "UNSIGNED-PAYLOAD"

    private let accessKeyID: Secret
    /// Day, region and service, for which the key is good.
    private let scope: String
    /// As in `20130524T000000Z`.
    private let timestamp: String
    private let key: [UInt8]

    init(accessKeyID: Secret, secretAccessKey: Secret, region: String, date: Date) {
        self.accessKeyID = accessKeyID
        timestamp = date.formatted(Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt))
        let day = timestamp.prefix { $0 != "T" }
        scope = "\(day)/\(region)/s3/aws4_request"
        key = ["\(day)", region, "s3", "aws4_request"].reduce(Array("AWS4\(secretAccessKey.revealed)".utf8)) { key, step in
            HMACSHA256.authenticationCode(for: Array(step.utf8), key: key)
        }
    }

    /// The fields that a request carries to be believed: those given, all of which are signed, with the time, the digest of the body, and
    /// `Authorization`.
    ///
    /// - Parameters:
    ///   - host: As the client sends it in `Host`.
    ///   - path: As it is sent, percent-encoded.
    func signedFields(
        _ method: HTTPRequest.Method, host: String, path: String, query: StorageQuery = StorageQuery(), fields: HTTPFields = [:],
        body: [UInt8] = []
    ) -> HTTPFields {
        var fields = fields
        let digest = SHA256.digest(of: body).hexadecimal
        fields.set("x-amz-content-sha256", to: digest)
        fields.set("x-amz-date", to: timestamp)
        let request = CanonicalRequest(
            method: method, path: path, query: query, fields: fields.map { ($0.name.canonicalName, $0.value) } + [("host", host)], bodyDigest: digest)
        fields[.authorization] =
            "\(Self.algorithm) Credential=\(accessKeyID.revealed)/\(scope),SignedHeaders=\(request.signedFields),Signature=\(signature(of: request))"
        return fields
    }

    /// The query with which a URL alone is believed: the one given, then the signature's own parameters. Of the fields only `Host` is signed.
    ///
    /// - Parameter lifetime: In whole seconds from the signer's moment on.
    func presignedQuery(
        _ method: HTTPRequest.Method, host: String, path: String, query: StorageQuery = StorageQuery(), lifetime: Int
    ) -> StorageQuery {
        var query = query
        query.append("X-Amz-Algorithm", Self.algorithm)
        query.append("X-Amz-Credential", "\(accessKeyID.revealed)/\(scope)")
        query.append("X-Amz-Date", timestamp)
        query.append("X-Amz-Expires", "\(lifetime)")
        query.append("X-Amz-SignedHeaders", "host")
        let request = CanonicalRequest(method: method, path: path, query: query, fields: [("host", host)], bodyDigest: Self.unsignedPayload)
        query.append("X-Amz-Signature", signature(of: request))
        return query
    }

    private func signature(of request: CanonicalRequest) -> String {
        let digest = SHA256.digest(of: request.text.utf8).hexadecimal
        let stringToSign = "\(Self.algorithm)\n\(timestamp)\n\(scope)\n\(digest)"
        return HMACSHA256.authenticationCode(for: Array(stringToSign.utf8), key: key).hexadecimal
    }
}

extension HTTPFields {
    fileprivate mutating func set(_ name: String, to value: String) {
        guard let name = HTTPField.Name(name) else { return }
        self[name] = value
    }
}
