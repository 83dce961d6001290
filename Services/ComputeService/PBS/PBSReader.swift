/// Reads JSON as OpenPBS prints it, leniently, from the front to the back.
struct PBSReader {
    /// Deeper than any attribute of OpenPBS.
    private static let deepest = 8

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var depth = 0
    /// How far the members of the object are indented that is being read.
    private var indentation = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Goes behind the next such byte.
    mutating func skip(through byte: UInt8) -> Bool {
        guard let found = bytes[position...].firstIndex(of: byte) else { return false }
        position = found + 1
        return true
    }

    /// Goes behind such a byte if it comes next, blanks left aside.
    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// Reads the members of an object, from behind its brace to behind the closing one.
    ///
    /// Each member begins a line of its own, all equally far indented, and the closing brace stands under the line of the opening one. Where
    /// a member cannot be read, the next such line goes on.
    ///
    /// - Parameter body: Reads the value, and tells whether that was possible.
    mutating func forEachMember(_ body: (String, inout PBSReader) -> Bool) {
        let outerIndentation = indentation
        if next == UInt8(ascii: "}"), column == nil { return position += 1 }
        guard let column, column > outerIndentation || next == UInt8(ascii: "}") else { return }
        indentation = column
        defer { indentation = outerIndentation }
        while let byte = next {
            if byte == UInt8(ascii: "}"), self.column == outerIndentation { return position += 1 }
            let start = position
            if byte == UInt8(ascii: ",") {
                position += 1
            } else if let name = string(.name), take(UInt8(ascii: ":")), body(name, &self) {
                continue
            } else {
                position = start
                guard skipToMember(orEndAt: outerIndentation) else { return }
            }
        }
    }

    /// - Returns: `nil` if this is no object.
    mutating func attributes() -> PBSAttributes? {
        guard depth < Self.deepest, take(UInt8(ascii: "{")) else { return nil }
        depth += 1
        defer { depth -= 1 }
        var attributes = PBSAttributes()
        forEachMember { name, reader in
            guard let value = reader.value() else { return false }
            attributes.values[name] = value
            return true
        }
        return attributes
    }

    /// - Returns: `nil` if this is no value.
    mutating func value() -> PBSValue? {
        switch next {
        case UInt8(ascii: "\""): string(.value).map { .text($0) }
        case UInt8(ascii: "{"): attributes().map { .attributes($0) }
        case UInt8(ascii: "["): list().map { .list($0) }
        default: word().map { .text($0) }
        }
    }

    private mutating func list() -> [PBSValue]? {
        guard depth < Self.deepest, take(UInt8(ascii: "[")) else { return nil }
        depth += 1
        defer { depth -= 1 }
        var values: [PBSValue] = []
        while !take(UInt8(ascii: "]")) {
            guard let value = next == UInt8(ascii: "\"") ? string(.listed).map({ .text($0) }) : value() else { return nil }
            values.append(value)
            _ = take(UInt8(ascii: ","))
        }
        return values
    }

    /// A number, or what else stands there without quotes.
    private mutating func word() -> String? {
        let start = position
        while position < bytes.count, !Self.endsWord(bytes[position]) { position += 1 }
        return start == position ? nil : text(start..<position)
    }

    /// What a string is, and so what can follow it.
    private enum Role {
        case name, value, listed
    }

    /// - Returns: `nil` if this is no string, or one without an end.
    private mutating func string(_ role: Role) -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        var unescaped: [UInt8]?
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") && role != .value { return nil }
            if byte == UInt8(ascii: "\""), isBehind(role) {
                return unescaped.map { String(decoding: $0, as: UTF8.self) } ?? text(start..<(position - 1))
            }
            if byte == UInt8(ascii: "\\") {
                var characters = unescaped ?? Array(bytes[start..<(position - 1)])
                appendEscaped(to: &characters)
                unescaped = characters
            } else {
                unescaped?.append(byte)
            }
        }
        return nil
    }

    /// What stands behind a backslash. Where JSON knows no such escape, OpenPBS means the character itself.
    private mutating func appendEscaped(to characters: inout [UInt8]) {
        guard position < bytes.count else { return }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): characters.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "t"): characters.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): characters.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "b"): characters.append(8)
        case UInt8(ascii: "f"): characters.append(12)
        case UInt8(ascii: "u"): characters.append(contentsOf: codePoint())
        default: characters.append(byte)
        }
    }

    /// The character of four hexadecimal digits; OpenPBS writes control characters so, and no other.
    private mutating func codePoint() -> [UInt8] {
        let end = min(position + 4, bytes.count)
        guard let code = UInt16(text(position..<end), radix: 16) else { return Array("u".utf8) }
        position = end
        return Array(String(Unicode.Scalar(code).map(Character.init) ?? "\u{FFFD}").utf8)
    }

    /// The next byte that is no blank, which it goes to.
    private var next: UInt8? {
        mutating get {
            while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
            return position < bytes.count ? bytes[position] : nil
        }
    }

    /// Whether what follows can stand behind such a string: a colon behind a name, and behind a value the end of the line.
    private func isBehind(_ role: Role) -> Bool {
        let rest = bytes[position...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        switch role {
        case .name: return rest.first == UInt8(ascii: ":")
        case .listed: return rest.first == UInt8(ascii: ",") || rest.first == UInt8(ascii: "]")
        case .value:
            let end = (rest.first == UInt8(ascii: ",") ? rest.dropFirst() : rest).first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
            return end == nil || end == UInt8(ascii: "\n")
        }
    }

    /// How many blanks are in front on this line; `nil` if there is more.
    private var column: Int? {
        let blanks = bytes[..<position].reversed().prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
        let start = position - blanks
        return start == 0 || bytes[start - 1] == UInt8(ascii: "\n") ? blanks : nil
    }

    /// Goes to the next line that begins with a member, or with the end of the object.
    private mutating func skipToMember(orEndAt outerIndentation: Int) -> Bool {
        while skip(through: UInt8(ascii: "\n")) {
            let line = bytes[position...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let column = line.startIndex - position
            if line.first == UInt8(ascii: "\""), column == indentation { return true }
            if line.first == UInt8(ascii: "}"), column == outerIndentation { return true }
        }
        return false
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        isBlank(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
