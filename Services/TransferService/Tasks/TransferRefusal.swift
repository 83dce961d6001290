import GoldcrestProtocol
import HTTPTypes

/// The error with which a transfer was refused, as it is answered again when the request is repeated.
struct TransferRefusal: Codable, Sendable, Equatable {
    var status: Int
    var message: String
    var causes: [String]
    var fields: [ErrorBody.Field]

    init(_ error: APIError) {
        status = error.status.code
        message = error.message
        causes = error.causes
        fields = error.fields
    }

    var apiError: APIError {
        APIError(HTTPResponse.Status(code: status), message, causes: causes, fields: fields)
    }
}
