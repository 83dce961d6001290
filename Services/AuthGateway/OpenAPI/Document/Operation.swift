import GoldcrestProtocol
import HTTPTypes

/// One operation of the API, as its users should know it.
struct Operation: Sendable {
    let method: HTTPRequest.Method
    /// With `{…}` for its variable parts.
    let path: String
    let group: APIRoute.Group
    /// The beginning of the operation's id.
    let name: String
    let summary: String
    let description: String?
    let needsToken: Bool
    private let ownParameters: [Parameter]
    let body: Content?
    let answer: Answer
    /// What a request may get instead when it asks for less than the whole.
    private let furtherAnswers: [Answer]
    private let ownFailures: [Failure]

    init(
        _ method: HTTPRequest.Method, _ path: String, _ group: APIRoute.Group, name: String, summary: String, description: String? = nil,
        needsToken: Bool = true, parameters: [Parameter] = [], body: Content? = nil, answer: Answer, furtherAnswers: [Answer] = [],
        failures: [Failure] = []
    ) {
        self.method = method
        self.path = path
        self.group = group
        self.name = name
        self.summary = summary
        self.description = description
        self.needsToken = needsToken
        ownParameters = parameters
        self.body = body
        self.answer = answer
        self.furtherAnswers = furtherAnswers
        ownFailures = failures
    }

    /// The id that FirecREST's own document gives the operation, so that generated clients keep the names of their functions.
    var id: String {
        let path = String(path.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
        return "\(name)\(path)_\(method.rawValue.lowercased())"
    }

    /// Those of the path first.
    var parameters: [Parameter] {
        Self.pathParameters.filter { path.contains("{\($0.name)}") } + ownParameters
    }

    private static let pathParameters: [Parameter] = [
        .path("system_name", "The system's name, as `/status/systems` lists it; in any case."),
        .path("task_id", "The transfer task's id, a UUID."),
        .path("job_id", "The job's id as the scheduler prints it: `123`, a task `123_4` or `123[4]`, pending tasks `123_[5-9]`."),
    ]

    /// Those of its own, those that any operation behind the gateway has, and those of a request without a token; one for each status.
    var failures: [Failure] {
        var failures = [Failure.badRequest]
        if needsToken { failures += [.unauthorized, .forbidden] }
        if path.contains("{system_name}") {
            failures += [.notFound, .timeout, .failedDependency, .internalError, .badGateway, .unavailable, .gatewayTimeout]
        }
        let own = Set(ownFailures.map(\.status.code))
        return failures.filter { !own.contains($0.status.code) } + ownFailures
    }

    private var answers: [Answer] { [answer] + furtherAnswers }

    /// Everything that parts of the operation refer to.
    var schemas: [Schema] {
        parameters.map(\.schema) + ((body.map { [$0] } ?? []) + answers.flatMap(\.contents)).map(\.schema)
    }

    /// - Parameter security: The ways to prove who asks.
    func json(security: JSONValue) -> JSONValue {
        var json: [String: JSONValue] = [
            "operationId": .string(id), "summary": .string(summary), "tags": .array(Self.tags(of: group)), "responses": responses,
        ]
        json["description"] = description.map(JSONValue.string)
        if !parameters.isEmpty { json["parameters"] = .array(parameters.map(\.json)) }
        json["requestBody"] = body.map { ["required": true, "content": $0.json] }
        if needsToken { json["security"] = security }
        return .object(json)
    }

    private var responses: JSONValue {
        var responses: [String: JSONValue] = [:]
        for answer in answers { responses["\(answer.status.code)"] = answer.json }
        for failure in failures { responses["\(failure.status.code)"] = failure.json }
        return .object(responses)
    }

    /// Generators make one class of each first tag: transfers are in that of file operations, as in FirecREST. The last tag is the page's heading.
    private static func tags(of group: APIRoute.Group) -> [JSONValue] {
        group == .transfer ? ["filesystem", "transfer"] : [.string(group.rawValue)]
    }
}
