import GoldcrestServiceKit

/// Reads a JSON value that is in memory field by field, as its caller asks, and builds nothing that is not asked for.
///
/// A value of another kind than asked for reads as `nil` and is left behind, so that one odd field spoils no list. Values that nobody asks for
/// are skipped
/// without a look at their inside; so the reader's depth is that of the calls made, whatever the text holds.
struct JSONPullReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// - Parameter bytes: One value, which must stay in memory while it is read.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    // MARK: - Containers

    /// Reads an object; whatever `body` leaves unread of a field's value is skipped.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    mutating func object(_ body: (JSONKey, inout JSONPullReader) throws -> Void) throws -> Bool {
        guard try take(UInt8(ascii: "{")) else { return try skipped(false) }
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return true
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw MalformedJSON("an object has a field without a name") }
            let name = try stringBytes()
            guard try take(UInt8(ascii: ":")) else { throw MalformedJSON("a field has no value") }
            try readValue { try body(JSONKey(name.bytes, hasEscapes: name.hasEscapes), &$0) }
            if try endsContainer(with: UInt8(ascii: "}")) { return true }
        }
    }

    /// Reads an array; whatever `body` leaves unread of an element is skipped.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    mutating func array(_ body: (inout JSONPullReader) throws -> Void) throws -> Bool {
        guard try take(UInt8(ascii: "[")) else { return try skipped(false) }
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return true
        }
        while true {
            try readValue(body)
            if try endsContainer(with: UInt8(ascii: "]")) { return true }
        }
    }

    private mutating func readValue(_ body: (inout JSONPullReader) throws -> Void) throws {
        _ = try peek()
        let start = position
        try body(&self)
        if position == start { try skip() }
    }

    private mutating func endsContainer(with end: UInt8) throws -> Bool {
        if try take(UInt8(ascii: ",")) { return false }
        guard try take(end) else { throw MalformedJSON("a comma or the end of an object or array is missing") }
        return true
    }

    // MARK: - Values

    enum Kind {
        case object, array, string, number, boolean, null
    }

    /// What comes next.
    mutating func kind() throws -> Kind {
        switch try peek() {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: throw MalformedJSON("a value begins with a character that none begins with")
        }
    }

    mutating func string() throws -> String? {
        guard try peek() == UInt8(ascii: "\"") else { return try skipped(nil) }
        let text = try stringBytes()
        return JSONText.decode(text.bytes, hasEscapes: text.hasEscapes)
    }

    mutating func boolean() throws -> Bool? {
        guard try kind() == .boolean else { return try skipped(nil) }
        switch try scalarBytes() {
        case let word where word.elementsEqual("true".utf8): return true
        case let word where word.elementsEqual("false".utf8): return false
        default: throw MalformedJSON("a word is neither true nor false nor null")
        }
    }

    /// A whole number, also in the form `12.0`; `nil` for one that is none or does not fit.
    mutating func integer() throws -> Int? {
        guard try kind() == .number else { return try skipped(nil) }
        let text = try scalarBytes()
        return Self.integer(text) ?? Self.number(text).flatMap { Int(exactly: $0) }
    }

    mutating func number() throws -> Double? {
        guard try kind() == .number else { return try skipped(nil) }
        return Self.number(try scalarBytes())
    }

    /// Leaves one value behind.
    mutating func skip() throws {
        switch try kind() {
        case .object, .array: try skipContainer()
        case .string: _ = try stringBytes()
        case .number, .boolean, .null: _ = try scalarBytes()
        }
    }

    private mutating func skipped<Value>(_ value: Value) throws -> Value {
        try skip()
        return value
    }

    // MARK: - Bytes

    /// The next byte that is not blank; stays where it is.
    private mutating func peek() throws -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            if byte > 0x20 { return byte }
            position += 1
        }
        throw MalformedJSON.truncated
    }

    private mutating func take(_ byte: UInt8) throws -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    /// The string that begins here, without its quotes.
    private mutating func stringBytes() throws -> (bytes: UnsafeRawBufferPointer, hasEscapes: Bool) {
        let start = position + 1
        var index = start
        var hasEscapes = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return (UnsafeRawBufferPointer(rebasing: bytes[start..<index]), hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                index += 1
            }
            index += 1
        }
        throw MalformedJSON.truncated
    }

    private mutating func scalarBytes() throws -> UnsafeRawBufferPointer {
        let start = position
        while position < bytes.count, !JSONBytes.endsScalar(bytes[position]) { position += 1 }
        guard position > start else { throw MalformedJSON("a value is missing") }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    private mutating func skipContainer() throws {
        var depth = 0
        while true {
            while position < bytes.count, !JSONBytes.isStructure(bytes[position]) { position += 1 }
            guard position < bytes.count else { throw MalformedJSON.truncated }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                _ = try stringBytes()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            default: depth -= 1
            }
            position += 1
            if depth == 0 { return }
        }
    }

    /// The common case, without a string: up to 18 digits.
    private static func integer(_ text: UnsafeRawBufferPointer) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard (1...18).contains(digits.count) else { return nil }
        var value = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return isNegative ? -value : value
    }

    /// The longest text of a number that is worth reading.
    private static let longestNumber = 400

    private static func number(_ text: UnsafeRawBufferPointer) -> Double? {
        guard text.count <= longestNumber, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}
