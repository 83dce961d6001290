extension ConditionParameterType {
    /// What is wrong with a value for a parameter of this type, in OpenFGA's words; nil for a value that can be cast to it.
    public func problem(with value: ContextValue) -> String? {
        do throws(CastFailure) {
            _ = try cast(value)
            return nil
        } catch {
            return error.reason
        }
    }

    struct CastFailure: Error, Sendable {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// Reads a value from JSON as one of this type, by OpenFGA's rules: numbers may be written as text, other types have one form each.
    func cast(_ value: ContextValue) throws(CastFailure) -> CELValue {
        switch self {
        case .any: return CELValue(value)
        case .bool:
            guard case .bool(let bool) = value else { throw Self.mismatch("bool", value) }
            return .bool(bool)
        case .string:
            guard case .string(let string) = value else { throw Self.mismatch("string", value) }
            return .string(string)
        case .int: return .int(try Self.number(in: value, "int64").integer("an int"))
        case .uint:
            let number = try Self.number(in: value, "uint64")
            // OpenFGA reads it as an int64, so that greater ones become the greatest.
            guard let uint = UInt64(exactly: try number.integer("a uint")) else {
                throw CastFailure("expected a uint value, but found int64 value '\(number.text)'")
            }
            return .uint(uint)
        case .double:
            let number = try Self.number(in: value, "float64")
            guard !number.isTooGreatForDouble else { throw CastFailure("number cannot be represented as a float64: \(number.text)") }
            return .double(number.double)
        case .duration:
            guard case .string(let text) = value else { throw Self.expected("a duration string", value) }
            guard let duration = CELDuration(parsing: text) else {
                throw CastFailure("expected a valid duration string, but found: '\(text)'")
            }
            return .duration(duration)
        case .timestamp:
            guard case .string(let text) = value else { throw Self.expected("RFC 3339 formatted timestamp string", value) }
            guard let timestamp = CELTimestamp(parsing: text) else {
                throw CastFailure("expected RFC 3339 formatted timestamp string, but found '\(text)'")
            }
            return .timestamp(timestamp)
        case .ipaddress:
            guard case .string(let text) = value else { throw Self.expected("an ipaddress string", value) }
            guard let address = IPAddress(parsing: text) else {
                throw CastFailure("expected a well-formed IP address, but found: '\(text)'")
            }
            return .ipaddress(address)
        case .list(let element): return try Self.list(of: element, in: value)
        case .map(let element): return try Self.map(of: element, in: value)
        }
    }

    private static func list(of type: ConditionParameterType, in value: ContextValue) throws(CastFailure) -> CELValue {
        guard case .list(let elements) = value else { throw CastFailure("list requires a list, found: \(value.typeName)") }
        var cast: [CELValue] = []
        cast.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(CastFailure) {
                cast.append(try type.cast(element))
            } catch {
                throw CastFailure("found an invalid list item at index `\(index)`: \(error.reason)")
            }
        }
        return .list(cast)
    }

    private static func map(of type: ConditionParameterType, in value: ContextValue) throws(CastFailure) -> CELValue {
        guard case .map(let entries) = value else { throw CastFailure("map requires a map, found: \(value.typeName)") }
        var cast: [CELMapKey: CELValue] = [:]
        cast.reserveCapacity(entries.count)
        for (key, entry) in entries {
            do throws(CastFailure) {
                cast[.string(CELString(key))] = try type.cast(entry)
            } catch {
                throw CastFailure("found an invalid value for key '\(key)': \(error.reason)")
            }
        }
        return .map(cast)
    }

    private static func number(in value: ContextValue, _ typeName: String) throws(CastFailure) -> DecimalNumber {
        switch value {
        case .number(let double):
            guard !double.isNaN else { throw CastFailure("expected type value '\(typeName)', but found 'NaN'") }
            return DecimalNumber(double)
        case .string(let text):
            guard let number = DecimalNumber(parsing: text) else {
                throw CastFailure("expected a \(typeName) value, but found invalid string value '\(text)'")
            }
            return number
        default: throw mismatch(typeName, value)
        }
    }

    private static func mismatch(_ typeName: String, _ value: ContextValue) -> CastFailure {
        CastFailure("expected type value '\(typeName)', but found '\(value.typeName)'")
    }

    private static func expected(_ what: String, _ value: ContextValue) -> CastFailure {
        CastFailure("expected \(what), but found: \(value.typeName)")
    }
}

extension DecimalNumber {
    fileprivate func integer(_ name: String) throws(ConditionParameterType.CastFailure) -> Int64 {
        guard let integer = clampedInteger else {
            throw ConditionParameterType.CastFailure("expected \(name) value, but found numeric value '\(text)'")
        }
        return integer
    }
}

extension ContextValue {
    /// As OpenFGA names types in its messages, which are Go's names.
    fileprivate var typeName: String {
        switch self {
        case .null: "<nil>"
        case .bool: "bool"
        case .number: "float64"
        case .string: "string"
        case .list: "[]interface {}"
        case .map: "map[string]interface {}"
        }
    }
}
