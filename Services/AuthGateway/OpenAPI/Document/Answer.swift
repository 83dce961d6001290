import GoldcrestProtocol
import HTTPTypes

/// What a request gets when it succeeds.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let description: String
    /// The forms that the body may have; none for an answer without a body.
    let contents: [Content]
    /// What is told in the header beside what every answer has there.
    private let headers: [AnswerHeader]

    init(_ status: HTTPResponse.Status, _ description: String, _ contents: Content..., headers: [AnswerHeader] = []) {
        self.status = status
        self.description = description
        self.contents = contents
        self.headers = headers
    }

    /// 200 with a JSON body.
    static func ok(_ schema: Schema, _ description: String) -> Answer { Answer(.ok, description, .json(schema)) }

    /// 201 with a JSON body.
    static func created(_ schema: Schema, _ description: String) -> Answer { Answer(.created, description, .json(schema)) }

    /// 204.
    static func noContent(_ description: String) -> Answer { Answer(.noContent, description) }

    var json: JSONValue {
        var json: [String: JSONValue] = ["description": .string(description)]
        if !contents.isEmpty { json["content"] = .object(contents.reduce(into: [:]) { $0[$1.mediaType] = $1.mediaTypeJSON }) }
        if !headers.isEmpty { json["headers"] = .object(headers.reduce(into: [:]) { $0[$1.name] = $1.json }) }
        return .object(json)
    }
}
