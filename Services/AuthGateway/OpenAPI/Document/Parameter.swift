import GoldcrestProtocol

/// What a request carries beside its body.
struct Parameter: Sendable {
    enum Location: String, Sendable {
        case path
        case query
        case header
    }

    let name: String
    let location: Location
    let schema: Schema
    let isRequired: Bool
    let description: String

    static func path(_ name: String, _ description: String) -> Parameter {
        Parameter(name: name, location: .path, schema: .string, isRequired: true, description: description)
    }

    static func query(_ name: String, _ schema: Schema, required: Bool = false, _ description: String) -> Parameter {
        Parameter(name: name, location: .query, schema: schema, isRequired: required, description: description)
    }

    /// Something that is only done when it is asked for.
    static func flag(_ name: String, _ description: String) -> Parameter {
        .query(name, .boolean.with("default", false), description)
    }

    static func header(_ name: String, _ schema: Schema, _ description: String) -> Parameter {
        Parameter(name: name, location: .header, schema: schema, isRequired: false, description: description)
    }

    var json: JSONValue {
        [
            "name": .string(name), "in": .string(location.rawValue), "required": .bool(isRequired), "description": .string(description),
            "schema": .object(schema.json),
        ]
    }
}
