/// Why a text is no context.
public struct InvalidContext: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String

    public var description: String { reason }
}

extension [String: ContextValue] {
    /// Reads a context from the text of a JSON object. What could not be written as `google.protobuf.Struct`, in which OpenFGA keeps contexts,
    /// is refused, and so is nesting beyond ``ContextValue/maximumNesting``.
    public init(json: some Collection<UInt8>) throws(InvalidContext) {
        let value: JSONValue
        do {
            value = try JSONReader.value(of: Array(json))
        } catch {
            throw InvalidContext(reason: "the context is not JSON: the text \(error.message), at byte \(error.offset)")
        }
        guard case .map(let context) = try ContextValue(value, nesting: 0) else {
            throw InvalidContext(reason: "the context is \(value.kind); it must be an object of the parameters' names and values")
        }
        self = context
    }

    /// As the text of a JSON object, its members by name, so that equal contexts are equal texts.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(ContextValue.map(self).jsonValue)
        return writer.bytes
    }
}

extension ContextValue {
    /// Lists and objects within each other. It bounds the stack that walking a value takes.
    public static let maximumNesting = 64

    /// - Parameter nesting: How many lists and objects the value is within.
    package init(_ value: JSONValue, nesting: Int = 0) throws(InvalidContext) {
        guard nesting <= Self.maximumNesting else {
            throw InvalidContext(reason: "the context is nested more than \(Self.maximumNesting) deep")
        }
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .number(let number): self = .number(number)
        case .string(let string): self = .string(string)
        case .array(let elements):
            var list: [ContextValue] = []
            list.reserveCapacity(elements.count)
            for element in elements { list.append(try ContextValue(element, nesting: nesting + 1)) }
            self = .list(list)
        case .object(let members):
            var map: [String: ContextValue] = [:]
            map.reserveCapacity(members.count)
            for member in members { map[member.name] = try ContextValue(member.value, nesting: nesting + 1) }
            self = .map(map)
        }
    }

    /// Members by name, so that equal values are equal texts.
    package var jsonValue: JSONValue {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        // JSON has no other numbers, and none comes from it.
        case .number(let number): number.isFinite ? .number(number) : .null
        case .string(let string): .string(string)
        case .list(let elements): .array(elements.map(\.jsonValue))
        case .map(let entries):
            .object(entries.sorted { $0.key < $1.key }.map { JSONValue.Member(name: $0.key, value: $0.value.jsonValue) })
        }
    }
}
