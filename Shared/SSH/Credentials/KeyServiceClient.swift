import FoundationEssentials
import GoldcrestHTTPClient
import HTTPTypes
import NIOCore

/// Asks a service for keys or certificates.
struct KeyServiceClient: Sendable {
    let http: HTTPClient
    /// The most requests at once.
    let places: ConcurrencyLimit
    let timeout = Duration.seconds(10)

    init(http: HTTPClient, maximumRequests: Int) {
        self.http = http
        places = ConcurrencyLimit(maximumRequests)
    }

    /// The fields by which services tell FirecREST's requests from others.
    static func fields(for user: SSHUser) -> HTTPFields {
        var fields = HTTPFields()
        fields[.contentType] = "application/json"
        let names = [
            ("x-client-type", "api"), ("x-client-name", "firecrest"), ("x-client-version", "2.0.0"),
            ("X-Request-ID", user.requestID), ("X-Correlation-ID", user.correlationID),
        ]
        for case (let name, let value?) in names {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return fields
    }

    /// - Throws: ``SSHError``: ``SSHError/Code/noCredential`` if the service refuses (4xx), ``SSHError/Code/credentialServiceUnreachable``
    ///   if it does not answer or fails.
    func post(
        _ order: some Encodable, to url: String, fields: HTTPFields, user: SSHUser, expecting status: HTTPResponse.Status
    ) async throws -> ByteBuffer {
        let body = ByteBuffer(bytes: try JSONEncoder().encode(order))
        let request = HTTPClientRequest(method: .post, url: url, headerFields: fields, body: .bytes(body))
        let response: HTTPClientResponse
        do {
            response = try await places.run { try await http.collect(request, upTo: 256 * 1024, deadline: timeout) }
        } catch let error as HTTPClientError {
            throw SSHError(.credentialServiceUnreachable, "The service for SSH keys does not answer.", causes: [error.message])
        }
        switch response.head.status {
        case status, .ok, .created:
            return response.body
        case let refusal where refusal.kind == .clientError:
            throw SSHError(
                .noCredential, "The service for SSH keys refuses a key for the user \(user.name) (status \(refusal.code)).", causes: Self.reason(in: response.body))
        case let failure:
            throw SSHError(.credentialServiceUnreachable, "The service for SSH keys failed with the status \(failure.code).", causes: Self.reason(in: response.body))
        }
    }

    /// The service's own words, if they are short and fit to be shown.
    private static func reason(in body: ByteBuffer) -> [String] {
        struct Answer: Decodable {
            var message: String?
            var detail: String?
        }
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
        guard let text = answer?.message ?? answer?.detail, text.utf8.count <= 500 else { return [] }
        return [text]
    }
}
