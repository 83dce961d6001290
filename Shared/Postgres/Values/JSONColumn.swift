import FoundationEssentials

/// A value that is kept as JSON, in a column of the type `jsonb`.
public struct JSONColumn<Value: Codable & Sendable>: Sendable {
    public let value: Value

    public init(_ value: Value) {
        self.value = value
    }
}

extension JSONColumn: PostgresEncodable {
    public var postgresText: String? {
        // What cannot be JSON, such as a number that is none, becomes NULL, which columns that need a value refuse.
        (try? JSONEncoder().encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension JSONColumn: PostgresDecodable {
    public init?(postgresText text: String) {
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else { return nil }
        self.value = value
    }
}
