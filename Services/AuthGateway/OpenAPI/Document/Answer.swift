import GoldcrestProtocol
import HTTPTypes

/// What a request gets when it succeeds.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let description: String
    /// `nil` for an answer without a body.
    let content: Content?

    init(_ status: HTTPResponse.Status, _ description: String, _ content: Content? = nil) {
        self.status = status
        self.description = description
        self.content = content
    }

    /// 200 with a JSON body.
    static func ok(_ schema: Schema, _ description: String) -> Answer { Answer(.ok, description, .json(schema)) }

    /// 201 with a JSON body.
    static func created(_ schema: Schema, _ description: String) -> Answer { Answer(.created, description, .json(schema)) }

    /// 204.
    static func noContent(_ description: String) -> Answer { Answer(.noContent, description) }

    var json: JSONValue {
        var json: [String: JSONValue] = ["description": .string(description)]
        json["content"] = content?.json
        return .object(json)
    }
}
