import FoundationEssentials
import GoldcrestCryptography
import GoldcrestProtocol
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

/// One of the gateway's public files: made at the start, then the same bytes for everybody.
struct DocumentationFile: Sendable {
    private let body: ByteBuffer
    private let headerFields: HTTPFields
    private let entityTag: String

    init(_ content: Data, contentType: String, headerFields: HTTPFields = [:]) {
        body = ByteBuffer(data: content)
        entityTag = "\"\(SHA256.digest(of: content).prefix(16).hexadecimal)\""
        var headerFields = headerFields
        headerFields[.contentType] = contentType
        headerFields[.xContentTypeOptions] = "nosniff"
        headerFields[.eTag] = entityTag
        // It changes with the configuration and the version: a copy may be kept, but is asked about each time.
        headerFields[.cacheControl] = "no-cache"
        self.headerFields = headerFields
    }

    /// - Throws: ``APIError`` 405 for methods that do not read.
    func response(to request: Request) throws -> Response {
        guard request.method == .get || request.method == .head else {
            throw APIError(.methodNotAllowed, "Method Not Allowed", headerFields: [.allow: "GET, HEAD"])
        }
        if isKnown(to: request) { return Response(status: .notModified, headers: headerFields) }
        var headerFields = headerFields
        headerFields[.contentLength] = String(body.readableBytes)
        return Response(status: .ok, headers: headerFields, body: request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: body))
    }

    /// Whether the client has these bytes already (RFC 9110, section 13.1.2).
    private func isKnown(to request: Request) -> Bool {
        let known = request.headers[values: .ifNoneMatch].joined(separator: ",").split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        return known.contains { $0 == "*" || $0 == entityTag || $0 == "W/\(entityTag)" }
    }
}
