/// A header value with parameters: `form-data; name="file"; filename="a b"`.
struct ParameterizedHeaderValue: Equatable {
    /// In lower case.
    var value: String
    /// Keys in lower case; of a repeated one the last counts.
    var parameters: [String: String] = [:]

    /// - Returns: Nil when a parameter has no `=`, or a quoted text no end.
    init?(parsing text: String) {
        var rest = text.utf8[...]
        value = Self.trimmed(Self.take(while: { $0 != UInt8(ascii: ";") }, from: &rest)).lowercased()
        while rest.popFirst() != nil {
            Self.skipBlanks(&rest)
            let key = Self.trimmed(Self.take(while: { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }, from: &rest)).lowercased()
            guard rest.first == UInt8(ascii: "=") else {
                if key.isEmpty { continue }
                return nil
            }
            rest.removeFirst()
            Self.skipBlanks(&rest)
            if rest.first == UInt8(ascii: "\"") {
                guard let quoted = Self.readQuoted(&rest) else { return nil }
                parameters[key] = quoted
                Self.skipBlanks(&rest)
                guard rest.isEmpty || rest.first == UInt8(ascii: ";") else { return nil }
            } else {
                parameters[key] = Self.trimmed(Self.take(while: { $0 != UInt8(ascii: ";") }, from: &rest))
            }
        }
    }

    /// Reads a text in quotes. A backslash escapes a quote and another backslash; before anything else it stands for itself, as browsers write
    /// names that hold one.
    private static func readQuoted(_ rest: inout Substring.UTF8View) -> String? {
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                if let next = rest.first, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                    bytes.append(next)
                    rest.removeFirst()
                } else {
                    bytes.append(byte)
                }
            default:
                bytes.append(byte)
            }
        }
        return nil
    }

    private static func take(while isTaken: (UInt8) -> Bool, from rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let taken = rest.prefix(while: isTaken)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    private static func skipBlanks(_ rest: inout Substring.UTF8View) {
        rest = rest.drop(while: isBlank)
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return String(Substring(text))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
