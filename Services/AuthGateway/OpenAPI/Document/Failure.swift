import GoldcrestProtocol
import HTTPTypes

/// A way in which a request can fail: its status, and what that means.
///
/// All have the same body, so the document describes each status once and operations refer to it, with their own words where these say more.
struct Failure: Sendable {
    let status: HTTPResponse.Status
    private let component: String
    private let meaning: String
    private var reason: String?

    private init(_ status: HTTPResponse.Status, _ component: String, _ meaning: String) {
        self.status = status
        self.component = component
        self.meaning = meaning
    }

    /// The same failure with an operation's own reason for it.
    func when(_ reason: String) -> Failure {
        var failure = self
        failure.reason = reason
        return failure
    }

    static let badRequest = Failure(
        .badRequest, "BadRequest",
        "The request is wrong: a field or parameter is missing or of the wrong type (`errorType` is `validation` and `data.fields` names each), a path is relative or outside of the system's file systems, a request id is no UUID, or the token names no user.")
    static let unauthorized = Failure(
        .unauthorized, "Unauthorized",
        "There is no token, or none that is valid for long enough; `message` says what is wrong with it. Also when the authority that decides about access cannot be asked.")
    static let forbidden = Failure(
        .forbidden, "Forbidden",
        "The user may not do this: no access to the system, a scope that the token lacks, no SSH key, no permission on the file, another user's job, or a limit of the account or QOS.")
    static let notFound = Failure(.notFound, "NotFound", "There is no such system, job or file.")
    static let timeout = Failure(.requestTimeout, "Timeout", "The system let the connection, the login or the command run out of its time.")
    static let conflict = Failure(.conflict, "Conflict", "The state of what is to be changed forbids it.")
    static let tooLarge = Failure(
        .contentTooLarge, "TooLarge", "The request, or what it asks for, is larger than the limit; for files that is the system's `max_ops_file_size`.")
    static let preconditionFailed = Failure(.preconditionFailed, "PreconditionFailed", "The file is another one than the request's preconditions name.")
    static let rangeNotSatisfiable = Failure(
        .rangeNotSatisfiable, "RangeNotSatisfiable", "The file has none of the bytes in the range; `Content-Range` tells how many it has.")
    static let tooManyRequests = Failure(.tooManyRequests, "TooManyRequests", "There are too many of these requests; `Retry-After` tells when to try again.")
    static let unprocessable = Failure(.unprocessableContent, "Unprocessable", "The request contradicts an earlier one.")
    static let failedDependency = Failure(
        .failedDependency, "FailedDependency", "The system cannot be reached over SSH, refuses the login, or the service that gives SSH keys does not answer.")
    static let internalError = Failure(
        .internalServerError, "InternalError", "Something failed for a reason that is not the request's. Words of the system's own commands are in `message`.")
    static let notImplemented = Failure(.notImplemented, "NotImplemented", "This is not possible with the system's configuration.")
    static let badGateway = Failure(.badGateway, "BadGateway", "A service behind the gateway cannot be reached.")
    static let unavailable = Failure(
        .serviceUnavailable, "Unavailable", "The health check marks a part of the system that is needed as unhealthy, or the scheduler is down.")
    static let gatewayTimeout = Failure(.gatewayTimeout, "GatewayTimeout", "A service behind the gateway, or the scheduler, did not answer in time.")

    /// Where the document has what all operations say of this status.
    var sharedResponse: (name: String, json: JSONValue) { (component, Self.response(meaning)) }

    /// What an operation says of it. In OpenAPI 3.1 words beside a reference replace those behind it.
    var json: JSONValue {
        var json: [String: JSONValue] = ["$ref": .string("#/components/responses/\(component)")]
        json["description"] = reason.map(JSONValue.string)
        return .object(json)
    }

    private static func response(_ description: String) -> JSONValue {
        ["description": .string(description), "content": Content.json(.errorBody).json]
    }
}
