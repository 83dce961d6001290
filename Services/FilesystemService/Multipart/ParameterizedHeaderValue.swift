/// A header value with parameters: `form-data; name="file"; filename="a b"`.
struct ParameterizedHeaderValue: Equatable {
    /// In lower case.
    var value: String
    /// Keys in lower case; of a repeated one the last counts. Names of files among the values need not be UTF-8.
    var parameters: [String: [UInt8]] = [:]

    /// - Returns: Nil when a parameter has no `=`, or a quoted text no end.
    init?(parsing text: some Collection<UInt8>) {
        var rest = Array(text)[...]
        value = Self.word(Self.take(while: { $0 != UInt8(ascii: ";") }, from: &rest))
        while rest.popFirst() != nil {
            Self.skipBlanks(&rest)
            let key = Self.word(Self.take(while: { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }, from: &rest))
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
                parameters[key] = Array(Self.trimmed(Self.take(while: { $0 != UInt8(ascii: ";") }, from: &rest)))
            }
        }
    }

    /// Reads a text in quotes. A backslash escapes a quote and another backslash; before anything else it stands for itself, as browsers write
    /// names that hold one.
    private static func readQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return bytes
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

    private static func take(while isTaken: (UInt8) -> Bool, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let taken = rest.prefix(while: isTaken)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop(while: isBlank)
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// What is compared regardless of its case.
    private static func word(_ text: ArraySlice<UInt8>) -> String {
        String(decoding: trimmed(text), as: UTF8.self).lowercased()
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
