/// A type of the expression language, as far as conditions can have values of it.
indirect enum CELType: Sendable, Hashable, CustomStringConvertible {
    /// Known only when the condition is evaluated.
    case dyn
    case null, bool, int, uint, double, string, bytes, timestamp, duration, ipaddress
    case list(CELType)
    case map(CELType, CELType)
    /// Of a type's name, such as `int`.
    case type

    /// As CEL names it in its messages.
    var description: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .ipaddress: "IPAddress"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .type: "type"
        }
    }

    init(_ parameter: ConditionParameterType) {
        self =
            switch parameter {
            case .any: .dyn
            case .bool: .bool
            case .string: .string
            case .int: .int
            case .uint: .uint
            case .double: .double
            case .duration: .duration
            case .timestamp: .timestamp
            case .ipaddress: .ipaddress
            case .list(let element): .list(CELType(element))
            case .map(let value): .map(.string, CELType(value))
            }
    }

    /// Whether a value of this type may stand where one of the other is expected. There are no conversions; what is only known
    /// at evaluation may stand anywhere, and null for a message.
    func isAssignable(to other: CELType) -> Bool {
        switch (self, other) {
        case (.dyn, _), (_, .dyn): true
        case (.null, .timestamp), (.null, .duration), (.null, .ipaddress): true
        case (.list(let element), .list(let expected)): element.isAssignable(to: expected)
        case (.map(let key, let value), .map(let expectedKey, let expectedValue)):
            key.isAssignable(to: expectedKey) && value.isAssignable(to: expectedValue)
        default: self == other
        }
    }

    /// The type of what is of the one type or of the other; nil where they have nothing in common.
    func joined(with other: CELType) -> CELType? {
        switch (self, other) {
        case (.dyn, _), (_, .dyn): .dyn
        case (.list(let left), .list(let right)): left.joined(with: right).map { .list($0) }
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            if let key = leftKey.joined(with: rightKey), let value = left.joined(with: right) { .map(key, value) } else { nil }
        case _ where isAssignable(to: other): other
        case _ where other.isAssignable(to: self): self
        default: nil
        }
    }
}
