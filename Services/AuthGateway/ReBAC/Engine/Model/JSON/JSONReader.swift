/// Reads JSON texts (RFC 8259) strictly: nothing stands behind the value, no object has two members of one name (which protobuf's JSON refuses
/// as well, and of which one would else be lost), and nesting is bounded, so that no text can exhaust the stack.
package struct JSONReader {
    /// Where a text stops being JSON that is taken, and why.
    package struct Problem: Error, Equatable {
        /// Bytes from the start of the text.
        package var offset: Int
        package var message: String
    }

    /// Lists and objects within each other. Rewrites of ``UsersetRewrite/maximumNesting`` need three for each level.
    package static let maximumDepth = 128

    private let bytes: [UInt8]
    private var offset = 0

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package static func value(of bytes: [UInt8]) throws(Problem) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        // A byte order mark is not JSON, but editors write it (RFC 8259, section 8.1, lets readers ignore it).
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.offset = 3 }
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.next == nil else { throw reader.problem("has more text behind its end") }
        return value
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func problem(_ message: String) -> Problem { Problem(offset: offset, message: message) }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Problem) {
        guard take(character) else { throw problem(next == nil ? "ends too early" : "lacks a '\(character)'") }
    }

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        skipBlanks()
        guard depth <= Self.maximumDepth else { throw problem("is nested more than \(Self.maximumDepth) deep") }
        switch next {
        case nil: throw problem("ends too early")
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
        default: throw problem("has a character that begins no value")
        }
    }

    private mutating func members(depth: Int) throws(Problem) -> [JSONValue.Member] {
        try expect("{")
        if take("}") { return [] }
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw problem("lacks a member's name in quotes") }
            let start = offset
            let name = try string()
            guard names.insert(name).inserted else { throw Problem(offset: start, message: "has the member '\(name)' twice") }
            try expect(":")
            members.append(JSONValue.Member(name: name, value: try value(depth: depth)))
        } while take(",")
        try expect("}")
        return members
    }

    private mutating func elements(depth: Int) throws(Problem) -> [JSONValue] {
        try expect("[")
        if take("]") { return [] }
        var elements: [JSONValue] = []
        repeat { elements.append(try value(depth: depth)) } while take(",")
        try expect("]")
        return elements
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Problem) -> JSONValue {
        let text = word.description.utf8
        guard bytes[offset...].starts(with: text) else { throw problem("has a word that is none of true, false, null") }
        offset += text.count
        return value
    }

    private mutating func number() throws(Problem) -> Double {
        let start = offset
        while let byte = next, Self.isOfNumber(byte) { offset += 1 }
        let text = bytes[start..<offset]
        // What Swift reads beyond JSON: a leading zero, plus or point, and a point without digits.
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        let isPadded = digits.first == UInt8(ascii: "0") && digits.dropFirst().first.map(Self.isDigit) == true
        let hasBarePoint = zip(digits, digits.dropFirst()).contains { $0 == UInt8(ascii: ".") && !Self.isDigit($1) }
        guard digits.first.map(Self.isDigit) == true, digits.last.map(Self.isDigit) == true, !isPadded, !hasBarePoint,
            let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite
        else {
            throw Problem(offset: start, message: "has a number that is malformed or too large")
        }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte)
    }

    private mutating func string() throws(Problem) -> String {
        try expect("\"")
        let start = offset
        skipPlainText()
        // Most strings are without escapes and stand in the text as they are.
        if next == UInt8(ascii: "\"") { return try text(bytes[start..<offset], at: start) }
        var decoded = Array(bytes[start..<offset])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""): return try text(decoded[...], at: start)
            case UInt8(ascii: "\\"): decoded.append(contentsOf: try escape())
            case 0..<0x20: throw problem("has a control character in a string")
            default:
                let plain = offset
                skipPlainText()
                decoded.append(contentsOf: bytes[plain..<offset])
            }
        }
        throw problem("ends within a string")
    }

    /// Passes what stands for itself in a string.
    private mutating func skipPlainText() {
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { offset += 1 }
    }

    /// Ends a string at its quote.
    private mutating func text(_ utf8: ArraySlice<UInt8>, at start: Int) throws(Problem) -> String {
        offset += 1
        guard let text = String(validating: utf8, as: UTF8.self) else { throw Problem(offset: start, message: "has a string that is not UTF-8") }
        return text
    }

    /// The UTF-8 of an escape such as `\n` or `\u00e9`; a pair of surrogates is one.
    private mutating func escape() throws(Problem) -> [UInt8] {
        offset += 1
        guard let byte = next else { throw problem("ends within a string") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(try unicodeScalar()).utf8)
        default: throw problem("has an escape in a string that is none")
        }
    }

    private mutating func unicodeScalar() throws(Problem) -> Unicode.Scalar {
        let start = offset
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if (0xD800...0xDBFF).contains(first), bytes[offset...].starts(with: "\\u".utf8) {
            offset += 2
            let second = try hexadecimal()
            if (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) { return scalar }
        }
        throw Problem(offset: start, message: "has half a surrogate pair in a string")
    }

    private mutating func hexadecimal() throws(Problem) -> UInt32 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("has an escape in a string without four hexadecimal digits") }
        offset += 4
        return code
    }
}
