import GoldcrestProtocol

/// The shape of a JSON value, in the words of JSON Schema 2020-12, which are those of OpenAPI 3.1.
///
/// A schema carries the named ones that it refers to. The document collects them from there: no reference leads nowhere, and nothing is listed
/// that nobody uses.
struct Schema: Sendable {
    private(set) var json: [String: JSONValue]
    /// What this refers to, directly or not, by name.
    private(set) var components: [String: JSONValue] = [:]

    private init(_ json: [String: JSONValue], of parts: [Schema] = []) {
        self.json = json
        for part in parts { components.merge(part.components) { first, _ in first } }
    }

    static let string = Schema(["type": "string"])
    static let integer = Schema(["type": "integer"])
    static let number = Schema(["type": "number"])
    static let boolean = Schema(["type": "boolean"])
    /// A point in time of RFC 3339.
    static let dateTime = Schema(["type": "string", "format": "date-time"])
    /// What is not JSON.
    static let bytes = Schema(["type": "string", "format": "binary"])

    static func choice(_ values: [String]) -> Schema {
        Schema(["type": "string", "enum": .array(values.map(JSONValue.string))])
    }

    /// One of the values that a type of the API lists.
    static func choice<Choice: RawRepresentable & CaseIterable>(of _: Choice.Type) -> Schema where Choice.RawValue == String {
        choice(Choice.allCases.map(\.rawValue))
    }

    static func constant(_ text: String) -> Schema {
        Schema(["type": "string", "const": .string(text)])
    }

    static func array(of element: Schema) -> Schema {
        Schema(["type": "array", "items": .object(element.json)], of: [element])
    }

    /// An object whose keys are not known beforehand.
    static func map(of value: Schema, keys: Schema? = nil) -> Schema {
        var json: [String: JSONValue] = ["type": "object", "additionalProperties": .object(value.json)]
        if let keys { json["propertyNames"] = .object(keys.json) }
        return Schema(json, of: [value] + (keys.map { [$0] } ?? []))
    }

    static func any(of choices: Schema...) -> Schema {
        Schema(["anyOf": .array(choices.map { .object($0.json) })], of: choices)
    }

    static func object(_ properties: [Property]) -> Schema {
        var json: [String: JSONValue] = ["type": "object"]
        json["properties"] = .object(properties.reduce(into: [:]) { $0[$1.name] = .object($1.schema.json) })
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { json["required"] = .array(required) }
        return Schema(json, of: properties.map(\.schema))
    }

    /// Gives a schema a name, under which the document lists it once and clients' code generators make a type.
    static func component(_ name: String, _ schema: Schema) -> Schema {
        var reference = Schema(["$ref": .string("#/components/schemas/\(name)")], of: [schema])
        reference.components[name] = .object(schema.json)
        return reference
    }

    /// This or `null`.
    var nullable: Schema {
        if let type = json["type"], json["enum"] == nil { return with("type", [type, "null"]) }
        if case .array(let choices)? = json["anyOf"] { return with("anyOf", .array(choices + [["type": "null"]])) }
        return .any(of: self, Schema(["type": "null"]))
    }

    func described(_ text: String) -> Schema { with("description", .string(text)) }

    func with(_ keyword: String, _ value: JSONValue) -> Schema {
        var schema = self
        schema.json[keyword] = value
        return schema
    }
}

extension Schema {
    /// A field of an object.
    struct Property: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        /// A field that is always there.
        static func required(_ name: String, _ schema: Schema, _ description: String? = nil) -> Property {
            Property(name: name, schema: description.map(schema.described) ?? schema, isRequired: true)
        }

        /// A field that may be left out.
        static func optional(_ name: String, _ schema: Schema, _ description: String? = nil) -> Property {
            Property(name: name, schema: description.map(schema.described) ?? schema, isRequired: false)
        }
    }
}
