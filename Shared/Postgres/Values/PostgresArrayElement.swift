/// What an array of these is in the database: bytes are a `bytea`, strings a `text[]`.
public protocol PostgresArrayElement: Sendable {
    static func arrayText(_ values: [Self]) -> String
    static func array(from text: String) -> [Self]?
}

/// `bytea` in its hexadecimal format: <https://www.postgresql.org/docs/15/datatype-binary.html>.
extension UInt8: PostgresArrayElement {
    public static func arrayText(_ values: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        text.reserveCapacity(2 + 2 * values.count)
        for byte in values {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    public static func array(from text: String) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 2), text.hasPrefix("\\x") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2 - 1)
        var high: UInt8?
        for character in text.utf8.dropFirst(2) {
            guard let digit = nibble(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// One-dimensional `text[]` without `NULL`s: <https://www.postgresql.org/docs/15/arrays.html#ARRAYS-IO>.
extension String: PostgresArrayElement {
    public static func arrayText(_ values: [String]) -> String {
        var text = "{"
        for (index, value) in values.enumerated() {
            text += index == 0 ? "\"" : ",\""
            for character in value.unicodeScalars {
                if character == "\"" || character == "\\" { text.unicodeScalars.append("\\") }
                text.unicodeScalars.append(character)
            }
            text += "\""
        }
        return text + "}"
    }

    public static func array(from text: String) -> [String]? {
        var reader = TextArrayReader(text)
        return reader.elements()
    }
}

/// Reads the text format of an array, element by element.
private struct TextArrayReader {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
    }

    mutating func elements() -> [String]? {
        guard rest.popFirst() == "{" else { return nil }
        var values: [String] = []
        if rest.first == "}" {
            rest.removeFirst()
            return rest.isEmpty ? values : nil
        }
        while true {
            guard let value = rest.first == "\"" ? quoted() : bare() else { return nil }
            values.append(value)
            switch rest.popFirst() {
            case ",": continue
            case "}": return rest.isEmpty ? values : nil
            default: return nil
            }
        }
    }

    private mutating func quoted() -> String? {
        rest.removeFirst()
        var value = String.UnicodeScalarView()
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                return String(value)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            default:
                value.append(character)
            }
        }
        return nil
    }

    private mutating func bare() -> String? {
        var value = String.UnicodeScalarView()
        while let character = rest.first, character != ",", character != "}" {
            if character == "{" || character == "\"" { return nil }
            rest.removeFirst()
            if character == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        let text = String(value)
        return text.isEmpty || text == "NULL" ? nil : text
    }
}
