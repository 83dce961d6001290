/// A value that an expression can have.
enum CELValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(CELString)
    case bytes([UInt8])
    case timestamp(CELTimestamp)
    case duration(CELDuration)
    case ipaddress(IPAddress)
    case list([CELValue])
    case map([CELMapKey: CELValue])
    case type(CELType)

    static func string(_ text: String) -> CELValue { .string(CELString(text)) }

    /// What JSON says, without a type that would tell how to read it.
    init(_ value: ContextValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .number(let number): .double(number)
            case .string(let string): .string(string)
            case .list(let elements): .list(elements.map(CELValue.init))
            case .map(let entries): .map(Dictionary(uniqueKeysWithValues: entries.map { (.string(CELString($0)), CELValue($1)) }))
            }
    }

    /// - Throws: when a key is of no type for keys, or there twice.
    static func map(of entries: [(CELValue, CELValue)]) throws(CELError) -> CELValue {
        var map: [CELMapKey: CELValue] = [:]
        for (key, value) in entries {
            guard let key = CELMapKey(key), map.updateValue(value, forKey: key) == nil else {
                throw CELError("a map has the same key twice, or one that is no bool, number or string")
            }
        }
        return .map(map)
    }

    /// Without the types of elements, which a value does not carry.
    var type: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .ipaddress: .ipaddress
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .type: .type
        }
    }

    /// What CEL's `size` says; 1 for what has no size. The cost of many operations goes by it.
    var size: Int {
        switch self {
        case .string(let string): string.count
        case .bytes(let bytes): bytes.count
        case .list(let elements): elements.count
        case .map(let entries): entries.count
        default: 1
        }
    }
}

/// A key of a map. Numbers of different types that are equal are the same key.
enum CELMapKey: Sendable, Hashable, Comparable {
    case bool(Bool)
    case int(Int64)
    /// Greater than any `int`.
    case uint(UInt64)
    case string(CELString)

    /// Nil for what cannot be a key.
    init?(_ value: CELValue) {
        switch value {
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .uint(let uint): self = Int64(exactly: uint).map { .int($0) } ?? .uint(uint)
        case .double(let double):
            guard let key = Int64(exactly: double).map(CELMapKey.int) ?? UInt64(exactly: double).map(CELMapKey.uint) else { return nil }
            self = key
        case .string(let string): self = .string(string)
        default: return nil
        }
    }

    /// An order of some kind, for what must not depend on chance.
    static func < (left: CELMapKey, right: CELMapKey) -> Bool {
        switch (left, right) {
        case (.bool(let left), .bool(let right)): !left && right
        case (.int(let left), .int(let right)): left < right
        case (.uint(let left), .uint(let right)): left < right
        case (.string(let left), .string(let right)): left < right
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .bool: 0
        case .int: 1
        case .uint: 2
        case .string: 3
        }
    }

    var value: CELValue {
        switch self {
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(int)
        case .uint(let uint): .uint(uint)
        case .string(let string): .string(string)
        }
    }
}

/// Why an expression has no value.
struct CELError: Error, Sendable, Hashable {
    let reason: String
    /// Ends the evaluation: neither `&&` nor `||` can make up for it.
    let isFinal: Bool

    init(_ reason: String, isFinal: Bool = false) {
        self.reason = reason
        self.isFinal = isFinal
    }

    static func noOverload(_ function: String, _ arguments: [CELValue]) -> CELError {
        CELError("no such overload: '\(function)' applied to '(\(arguments.map(\.type.description).joined(separator: ", ")))'")
    }
}
