import GoldcrestProtocol
import HTTPTypes

/// The text that separates the parts of a multipart body.
enum MultipartBoundary {
    /// RFC 2046 section 5.1.1.
    private static let maximumLength = 70

    /// Reads the boundary from a `Content-Type`.
    ///
    /// - Throws: ``APIError`` 400 when it isn't `multipart/form-data` with a usable boundary.
    static func read(fromContentType contentType: String?) throws(APIError) -> String {
        guard let contentType, let value = ParameterizedHeaderValue(parsing: contentType.utf8), value.value == "multipart/form-data" else {
            throw APIError(.badRequest, "The body must be multipart/form-data with the file in its field `file`")
        }
        guard let boundary = value.parameters["boundary"], (1...maximumLength).contains(boundary.count),
            boundary.allSatisfy({ (0x20..<0x7F).contains($0) })
        else {
            throw APIError(.badRequest, "The Content-Type names no boundary of 1 to \(maximumLength) printable characters")
        }
        return String(decoding: boundary, as: UTF8.self)
    }
}
