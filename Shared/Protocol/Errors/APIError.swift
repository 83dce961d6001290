public import HTTPTypes

/// An error that a client is told about: its status and the text that names the cause and the remedy.
public struct APIError: Error, Sendable, Equatable {
    public var status: HTTPResponse.Status
    /// What went wrong, for the client. Never holds a secret.
    public var message: String
    /// What led to it, outermost first.
    public var causes: [String]
    /// The wrong fields; not empty exactly for validation errors.
    public var fields: [ErrorBody.Field]
    /// Headers that belong to the answer, such as `Allow` or `Retry-After`.
    public var headerFields: HTTPFields

    public init(
        _ status: HTTPResponse.Status, _ message: String, causes: [String] = [], fields: [ErrorBody.Field] = [],
        headerFields: HTTPFields = [:]
    ) {
        self.status = status
        self.message = message
        self.causes = causes
        self.fields = fields
        self.headerFields = headerFields
    }

    /// A request whose shape is wrong: 400 with every wrong field.
    public static func validation(_ fields: [ErrorBody.Field]) -> APIError {
        let summary = fields.map { "\($0.name): \($0.message)" }.joined(separator: "; ")
        return APIError(.badRequest, "Request validation failed: \(summary)", fields: fields)
    }

    /// The error as it goes over the wire.
    ///
    /// - Parameter user: The name of the authenticated user, if there is one.
    public func body(user: String?) -> ErrorBody {
        ErrorBody(
            errorType: fields.isEmpty ? .error : .validation,
            message: message,
            causedBy: causes.isEmpty ? nil : causes,
            data: fields.isEmpty ? nil : ErrorBody.Details(fields: fields),
            user: user)
    }
}

/// An error that knows how a client should be told about it.
///
/// Whatever reaches the edge of a service and neither is an ``APIError`` nor conforms to this becomes a bare 500, its text only in the log.
public protocol APIErrorConvertible: Error {
    var apiError: APIError { get }
}

extension APIError: APIErrorConvertible {
    public var apiError: APIError { self }
}
