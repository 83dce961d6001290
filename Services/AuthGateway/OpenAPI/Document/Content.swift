import GoldcrestProtocol

/// A body of a request or of an answer.
struct Content: Sendable {
    let mediaType: String
    let schema: Schema

    static func json(_ schema: Schema) -> Content { Content(mediaType: "application/json", schema: schema) }

    var json: JSONValue { [mediaType: mediaTypeJSON] }

    var mediaTypeJSON: JSONValue { ["schema": .object(schema.json)] }
}
