public import GoldcrestProtocol
public import HTTPTypes
public import Hummingbird
import NIOCore

extension Response {
    /// An answer with a JSON body.
    ///
    /// - Throws: An `EncodingError`, which only a bug can cause.
    public static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headerFields: HTTPFields = [:]
    ) throws -> Response {
        Response(try JSONDocument(encoding: value), status: status, headerFields: headerFields)
    }

    /// An answer with a JSON body that is there already.
    public init(_ document: JSONDocument, status: HTTPResponse.Status = .ok, headerFields: HTTPFields = [:]) {
        var headerFields = headerFields
        headerFields[.contentType] = "application/json"
        headerFields[.contentLength] = String(document.bytes.readableBytes)
        self.init(status: status, headers: headerFields, body: ResponseBody(byteBuffer: document.bytes))
    }

    /// An answer that an error is told with.
    ///
    /// - Parameter user: The authenticated user, if there is one.
    public static func failure(_ error: APIError, user: String?) -> Response {
        do {
            return try .json(error.body(user: user), status: error.status, headerFields: error.headerFields)
        } catch {
            return Response(status: .internalServerError)
        }
    }
}
