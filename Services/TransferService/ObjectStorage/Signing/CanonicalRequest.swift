import HTTPTypes

/// The one form of a request over which both sides compute the signature (Amazon S3 API, “Signature Calculations for the Authorization Header”).
struct CanonicalRequest {
    let text: String
    /// The names of the signed fields as the signature carries them.
    let signedFields: String

    /// - Parameters:
    ///   - path: Percent-encoded. S3, unlike other services, takes it as it is: no second encoding and no `..` removed.
    ///   - fields: What is signed, `host` included, the names in lower case.
    ///   - bodyDigest: In hexadecimal digits, or the word for a body that is not signed.
    init(method: HTTPRequest.Method, path: String, query: StorageQuery, fields: [(name: String, value: String)], bodyDigest: String) {
        let fields = fields.sorted { $0.name < $1.name }
        signedFields = fields.map(\.name).joined(separator: ";")
        let lines = fields.map { "\($0.name):\(Self.trimmed($0.value))\n" }.joined()
        text = "\(method.rawValue)\n\(path)\n\(query.sortedText)\n\(lines)\n\(signedFields)\n\(bodyDigest)"
    }

    /// Without blanks at both ends, and with one for several in a row.
    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}
