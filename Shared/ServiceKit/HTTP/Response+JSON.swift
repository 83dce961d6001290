import FoundationEssentials
public import GoldcrestProtocol
public import HTTPTypes
public import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat

extension Response {
    /// An answer with a JSON body.
    ///
    /// - Throws: An `EncodingError`, which only a bug can cause.
    public static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headerFields: HTTPFields = [:]
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let body = ByteBuffer(data: try encoder.encode(value))
        var headerFields = headerFields
        headerFields[.contentType] = "application/json"
        headerFields[.contentLength] = String(body.readableBytes)
        return Response(status: status, headers: headerFields, body: ResponseBody(byteBuffer: body))
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
