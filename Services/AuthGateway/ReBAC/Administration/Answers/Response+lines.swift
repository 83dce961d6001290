import HTTPTypes
import Hummingbird
import NIOCore
import ReBAC

extension Response {
    /// As much as is put together before it is sent, in bytes.
    private static let pieceLength = 32 * 1024

    /// An answer in lines of JSON, as OpenFGA streams its lists.
    static func lines<Value: Sendable>(
        of values: [Value], headerFields: HTTPFields = [:], _ json: @escaping @Sendable (Value) -> ReBAC.JSONValue
    ) -> Response {
        var headerFields = headerFields
        headerFields[.contentType] = "application/json"
        let body = ResponseBody { writer in
            var piece = ByteBuffer()
            for value in values {
                var line = ReBAC.JSONWriter()
                line.write(json(value))
                piece.writeBytes(line.bytes)
                piece.writeStaticString("\n")
                if piece.readableBytes >= pieceLength {
                    try await writer.write(piece)
                    piece.clear()
                }
            }
            try await writer.write(piece)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headerFields, body: body)
    }
}
