public import FoundationEssentials

/// A value that can be a parameter of a statement.
public protocol PostgresEncodable: Sendable {
    /// The value in PostgreSQL's text format; `nil` is `NULL`.
    var postgresText: String? { get }
}

extension String: PostgresEncodable {
    public var postgresText: String? { self }
}

extension Substring: PostgresEncodable {
    public var postgresText: String? { String(self) }
}

extension Bool: PostgresEncodable {
    public var postgresText: String? { self ? "t" : "f" }
}

extension Int: PostgresEncodable {
    public var postgresText: String? { description }
}

extension Int32: PostgresEncodable {
    public var postgresText: String? { description }
}

extension Int64: PostgresEncodable {
    public var postgresText: String? { description }
}

extension Double: PostgresEncodable {
    public var postgresText: String? { description }
}

extension UUID: PostgresEncodable {
    public var postgresText: String? { uuidString }
}

/// A `timestamptz`, to the microsecond.
extension Date: PostgresEncodable {
    public var postgresText: String? { TimestampText.text(of: self) }
}

/// `[UInt8]` is a `bytea`, `[String]` a `text[]`.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
    public var postgresText: String? { Element.arrayText(self) }
}
