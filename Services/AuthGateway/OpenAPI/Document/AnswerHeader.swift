import GoldcrestProtocol

/// A field of an answer's header.
struct AnswerHeader: Sendable {
    let name: String
    let description: String

    init(_ name: String, _ description: String) {
        self.name = name
        self.description = description
    }

    var json: JSONValue { ["description": .string(description), "schema": .object(Schema.string.json)] }
}
