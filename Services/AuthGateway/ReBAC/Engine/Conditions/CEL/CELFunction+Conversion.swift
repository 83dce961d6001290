extension CELFunction {
    /// The value as one of another type, by the rules of CEL's language definition.
    func convert(_ value: CELValue) throws(CELError) -> CELValue {
        switch self {
        case .dyn: return value
        case .type: return .type(value.type)
        case .bool: return try bool(value)
        case .int: return .int(try int(value))
        case .uint: return .uint(try uint(value))
        case .double: return .double(try double(value))
        case .string: return .string(try string(value))
        case .bytes: return try bytes(value)
        case .timestamp: return try timestamp(value)
        default: return try duration(value)
        }
    }

    private func bool(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .bool: return value
        case .string(let string):
            switch string.text {
            case "true", "True", "TRUE", "t", "T", "1": return .bool(true)
            case "false", "False", "FALSE", "f", "F", "0": return .bool(false)
            default: throw unreadable(string)
            }
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func int(_ value: CELValue) throws(CELError) -> Int64 {
        switch value {
        case .int(let int): return int
        case .uint(let uint): return try fitting(Int64(exactly: uint))
        case .double(let double): return try fitting(Int64(exactly: double.rounded(.towardZero)))
        case .string(let string):
            guard Self.isDecimal(string.text, signed: true), let int = Int64(string.text) else { throw unreadable(string) }
            return int
        case .timestamp(let timestamp): return timestamp.seconds
        case .duration(let duration): return duration.nanoseconds
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func uint(_ value: CELValue) throws(CELError) -> UInt64 {
        switch value {
        case .uint(let uint): return uint
        case .int(let int): return try fitting(UInt64(exactly: int))
        // Above -1 it would round to zero, but a negative number is none of this type.
        case .double(let double): return try fitting(double < 0 ? nil : UInt64(exactly: double.rounded(.towardZero)))
        case .string(let string):
            guard Self.isDecimal(string.text, signed: false), let uint = UInt64(string.text) else { throw unreadable(string) }
            return uint
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func double(_ value: CELValue) throws(CELError) -> Double {
        switch value {
        case .double(let double): return double
        case .int(let int): return Double(int)
        case .uint(let uint): return Double(uint)
        case .string(let string):
            if string.text == "NaN" { return .nan }
            guard let number = DecimalNumber(parsing: string.text), !number.isTooGreatForDouble else { throw unreadable(string) }
            return number.double
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func string(_ value: CELValue) throws(CELError) -> String {
        switch value {
        case .string(let string): return string.text
        case .bool(let bool): return "\(bool)"
        case .int(let int): return "\(int)"
        case .uint(let uint): return "\(uint)"
        case .double(let double): return Self.text(of: double)
        case .timestamp(let timestamp): return timestamp.description
        case .duration(let duration): return duration.description
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw CELError("invalid UTF-8 in bytes, cannot convert to string") }
            return text
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func bytes(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .bytes: return value
        case .string(let string): return .bytes(Array(string.text.utf8))
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func timestamp(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .timestamp: return value
        case .int(let seconds): return .timestamp(try fitting(CELTimestamp(seconds: seconds)))
        case .string(let string):
            guard let timestamp = CELTimestamp(parsing: string.text) else { throw unreadable(string) }
            return .timestamp(timestamp)
        default: throw .noOverload(rawValue, [value])
        }
    }

    private func duration(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .duration: return value
        case .int(let nanoseconds): return .duration(CELDuration(nanoseconds: nanoseconds))
        case .string(let string):
            guard let duration = CELDuration(parsing: string.text) else { throw unreadable(string) }
            return .duration(duration)
        default: throw .noOverload(rawValue, [value])
        }
    }

    // MARK: -

    private func fitting<Value>(_ value: Value?) throws(CELError) -> Value {
        guard let value else { throw CELError("range error: the value is too great or too small for '\(rawValue)'") }
        return value
    }

    private func unreadable(_ string: CELString) -> CELError {
        CELError("type conversion error from 'string' to '\(rawValue)': '\(string.text)' cannot be read")
    }

    private static func isDecimal(_ text: String, signed: Bool) -> Bool {
        let hasSign = text.hasPrefix("-") || text.hasPrefix("+")
        guard signed || !hasSign else { return false }
        let digits = hasSign ? text.utf8.dropFirst() : text.utf8[...]
        return !digits.isEmpty && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// As Go's `strconv` writes it in its shortest form: with an exponent below -4 and from 6 on.
    private static func text(of double: Double) -> String {
        guard double.isFinite else { return double.isNaN ? "NaN" : double < 0 ? "-Inf" : "+Inf" }
        guard double != 0 else { return double.sign == .minus ? "-0" : "0" }
        // Swift writes the same digits, with an exponent below -4 and from 16 on.
        let parts = "\(double.magnitude)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let written = mantissa.joined()
        let leading = written.prefix { $0 == "0" }.count
        let exponent = mantissa[0].count - 1 - leading + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        var digits = String(written.dropFirst(leading))
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (double < 0 ? "-" : "") + layOut(digits, exponent: exponent)
    }

    /// Digits of which the first counts ten to the power of `exponent`.
    private static func layOut(_ digits: String, exponent: Int) -> String {
        switch exponent {
        case 0..<6 where digits.count > exponent + 1: digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
        case 0..<6: digits + String(repeating: "0", count: exponent + 1 - digits.count)
        case -4..<0: "0." + String(repeating: "0", count: -exponent - 1) + digits
        default:
            digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst(1) : "")
                + "e\(exponent < 0 ? "-" : "+")\(exponent.magnitude < 10 ? "0" : "")\(exponent.magnitude)"
        }
    }
}
