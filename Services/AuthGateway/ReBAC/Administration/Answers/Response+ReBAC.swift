import HTTPTypes
import Hummingbird
import NIOCore
import ReBAC

extension Response {
    init(_ value: ReBAC.JSONValue, status: HTTPResponse.Status = .ok, headerFields: HTTPFields = [:]) {
        var writer = ReBAC.JSONWriter()
        writer.write(value)
        var headerFields = headerFields
        headerFields[.contentType] = "application/json"
        headerFields[.contentLength] = String(writer.bytes.count)
        self.init(status: status, headers: headerFields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    init(_ error: OpenFGAError) {
        self.init(["code": .string(error.code.rawValue), "message": .string(error.message)], status: error.code.status)
        if error.code.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    }
}
