@testable import AuthGateway
import Foundation
import GoldcrestConfiguration
import GoldcrestProtocol

/// The document as a client reads it.
struct DescribedAPI {
    let document: JSONValue

    init(changing change: (inout Settings) -> Void = { _ in }) throws {
        var settings = Settings(
            auth: Auth(authentication: Authentication(tokenURL: "https://issuer.example/token", publicCertificates: [])),
            sshCredentials: .staticKeys([:]), clusters: [])
        change(&settings)
        document = try JSONDecoder().decode(JSONValue.self, from: OpenAPIDocument(settings).encoded())
    }

    /// What lies at a path such as `info`, `title`.
    subscript(_ keys: String...) -> JSONValue? { document.at(keys) }

    /// Every operation with its method and path.
    var operations: [(method: String, path: String, json: JSONValue)] {
        (self["paths"]?.object ?? [:]).flatMap { path, methods in
            (methods.object ?? [:]).map { ($0.key.uppercased(), path, $0.value) }
        }
    }

    func operation(_ method: String, _ path: String) -> JSONValue? { self["paths", path, method] }

    /// How a value differs from a schema of the document; nothing where it is as described.
    func differences(of value: some Encodable, from component: String) throws -> [String] {
        let json = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
        return differences(of: json, from: ["$ref": .string("#/components/schemas/\(component)")], at: component)
    }

    private func differences(of value: JSONValue, from schema: JSONValue, at place: String) -> [String] {
        if let reference = schema.at(["$ref"])?.text { return differences(of: value, from: target(of: reference) ?? .null, at: place) }
        if let choices = schema.at(["anyOf"])?.array {
            let each = choices.map { differences(of: value, from: $0, at: place) }
            return each.contains([]) ? [] : each.flatMap(\.self)
        }
        if let values = schema.at(["enum"])?.array, !values.contains(value) { return ["\(place) is \(value)"] }
        if let constant = schema.at(["const"]), constant != value { return ["\(place) is \(value)"] }
        let types = schema.at(["type"])?.array ?? [schema.at(["type"]) ?? .null]
        guard types.contains(where: { value.isOf(type: $0.text ?? "") }) else { return ["\(place) is \(value), not \(types)"] }
        switch value {
        case .array(let elements):
            return elements.flatMap { differences(of: $0, from: schema.at(["items"]) ?? .null, at: "\(place)[]") }
        case .object(let fields): return differences(of: fields, from: schema, at: place)
        default: return []
        }
    }

    private func differences(of fields: [String: JSONValue], from schema: JSONValue, at place: String) -> [String] {
        let properties = schema.at(["properties"])?.object ?? [:]
        let required = (schema.at(["required"])?.array ?? []).compactMap(\.text)
        let missing = required.filter { fields[$0] == nil }.map { "\(place).\($0) is missing" }
        return missing
            + fields.flatMap { name, value in
                guard let property = properties[name] ?? schema.at(["additionalProperties"]) else { return ["\(place).\(name) is not described"] }
                return differences(of: value, from: property, at: "\(place).\(name)")
            }
    }

    func target(of reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return document.at(reference.dropFirst(2).split(separator: "/").map(String.init))
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

    func at(_ keys: [String]) -> JSONValue? {
        keys.reduce(self) { $0?.object?[$1] }
    }

    func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number: type == "number"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    /// This and everything in it.
    var everything: [JSONValue] {
        switch self {
        case .array(let elements): [self] + elements.flatMap(\.everything)
        case .object(let fields): [self] + fields.values.flatMap(\.everything)
        default: [self]
        }
    }
}
