/// Splits an expression into its words, by the lexical rules of CEL's language definition.
struct CELLexer: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Ends with a token of kind `end`.
    static func tokens(of text: String) throws(CELProblem) -> [CELToken] {
        var lexer = CELLexer(text)
        var tokens: [CELToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(CELProblem) -> CELToken {
        skipSpace()
        let start = position
        guard let first = peek() else { return CELToken(kind: .end, offset: start) }
        if let prefix = stringPrefix() {
            position += prefix.length
            return CELToken(kind: try readString(prefix, from: start), offset: start)
        }
        if first.isLetter || first == UInt8(ascii: "_") {
            return CELToken(kind: .identifier(take { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }), offset: start)
        }
        if first.isDigit || first == UInt8(ascii: ".") && peek(1)?.isDigit == true {
            return CELToken(kind: try readNumber(from: start), offset: start)
        }
        return CELToken(kind: .symbol(try readSymbol(from: start)), offset: start)
    }

    private mutating func skipSpace() {
        while let byte = peek() {
            if Self.space.contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                _ = take { $0 != UInt8(ascii: "\n") }
            } else {
                return
            }
        }
    }

    private static let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0C, 0x0D]

    private mutating func readSymbol(from start: Int) throws(CELProblem) -> String {
        if let second = peek(1), let symbol = Self.pairs[[bytes[start], second]] {
            position += 2
            return symbol
        }
        if let symbol = Self.symbols[bytes[start]] {
            position += 1
            return symbol
        }
        switch bytes[start] {
        case UInt8(ascii: "="): throw CELProblem("Syntax error: '=' is not an operator; equality is '=='", at: start)
        case UInt8(ascii: "&"), UInt8(ascii: "|"): throw CELProblem("Syntax error: the operators are '&&' and '||'", at: start)
        case UInt8(ascii: "`"): throw CELProblem("Syntax error: quoted field names are not supported; write an index such as a['b-c']", at: start)
        default:
            let scalar = String(decoding: bytes[start...].prefix(4), as: UTF8.self).unicodeScalars.first.map { String($0) } ?? ""
            throw CELProblem("Syntax error: token recognition error at: '\(scalar)'", at: start)
        }
    }

    private static let pairs: [SIMD2<UInt8>: String] = Dictionary(
        uniqueKeysWithValues: ["==", "!=", "<=", ">=", "&&", "||"].map { (SIMD2(Array($0.utf8)), $0) })

    private static let symbols: [UInt8: String] = Dictionary(
        uniqueKeysWithValues: "<>!+-*/%?:.,()[]{}".utf8.map { ($0, String(Unicode.Scalar($0))) })

    private mutating func readNumber(from start: Int) throws(CELProblem) -> CELToken.Kind {
        if peek() == UInt8(ascii: "0"), peek(1) == UInt8(ascii: "x"), peek(2)?.isHexadecimalDigit == true {
            position += 2
            return try integer(take(while: \.isHexadecimalDigit), radix: 16, from: start)
        }
        let whole = take(while: \.isDigit)
        var isDouble = false
        if peek() == UInt8(ascii: "."), peek(1)?.isDigit == true {
            isDouble = true
            position += 1
            _ = take(while: \.isDigit)
        }
        if let length = exponentLength() {
            isDouble = true
            position += length
            _ = take(while: \.isDigit)
        }
        guard isDouble else { return try integer(whole, radix: 10, from: start) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let double = Double(text.hasPrefix(".") ? "0" + text : text), double.isFinite else {
            throw CELProblem("invalid double literal", at: start)
        }
        return .double(double)
    }

    /// Of `e+` before digits; nil where no exponent follows.
    private func exponentLength() -> Int? {
        guard let mark = peek(), mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        let hasSign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
        let length = hasSign ? 2 : 1
        return peek(length)?.isDigit == true ? length : nil
    }

    private mutating func integer(_ digits: String, radix: Int, from start: Int) throws(CELProblem) -> CELToken.Kind {
        let isUnsigned = peek() == UInt8(ascii: "u") || peek() == UInt8(ascii: "U")
        if isUnsigned { position += 1 }
        guard let number = UInt64(digits, radix: radix) else {
            throw CELProblem(isUnsigned ? "invalid uint literal" : "invalid int literal", at: start)
        }
        return isUnsigned ? .uint(number) : .int(number)
    }
}

// MARK: - Strings

extension CELLexer {
    private struct StringPrefix {
        var length = 0
        var isRaw = false
        var isBytes = false
    }

    /// What stands before a quotation mark: `r`, `b` or `br`. Nil where no string begins.
    private func stringPrefix() -> StringPrefix? {
        var prefix = StringPrefix()
        if peek() == UInt8(ascii: "b") || peek() == UInt8(ascii: "B") { (prefix.isBytes, prefix.length) = (true, 1) }
        if peek(prefix.length) == UInt8(ascii: "r") || peek(prefix.length) == UInt8(ascii: "R") {
            prefix.isRaw = true
            prefix.length += 1
        }
        return peek(prefix.length)?.isQuote == true ? prefix : nil
    }

    private mutating func readString(_ prefix: StringPrefix, from start: Int) throws(CELProblem) -> CELToken.Kind {
        guard let quote = peek() else { throw Self.unterminated(start) }
        let isLong = peek(1) == quote && peek(2) == quote
        position += isLong ? 3 : 1
        var content: [UInt8] = []
        while let byte = peek() {
            if byte == quote, !isLong || peek(1) == quote && peek(2) == quote {
                position += isLong ? 3 : 1
                return prefix.isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
            }
            if !isLong, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { throw Self.unterminated(start) }
            position += 1
            if byte == UInt8(ascii: "\\"), !prefix.isRaw {
                content += try readEscape(inBytes: prefix.isBytes)
            } else {
                content.append(byte)
            }
        }
        throw Self.unterminated(start)
    }

    private static func unterminated(_ start: Int) -> CELProblem {
        CELProblem("Syntax error: the string has no end", at: start)
    }

    /// What follows a backslash.
    private mutating func readEscape(inBytes: Bool) throws(CELProblem) -> [UInt8] {
        let start = position - 1
        let invalid = CELProblem("Syntax error: unknown escape sequence in a string", at: start)
        guard let byte = peek() else { throw invalid }
        position += 1
        if let plain = Self.plainEscapes[byte] { return [plain] }
        switch byte {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try encode(readCode(2, radix: 16), inBytes: inBytes, or: invalid)
        case UInt8(ascii: "u") where !inBytes: return try encode(readCode(4, radix: 16), inBytes: false, or: invalid)
        case UInt8(ascii: "U") where !inBytes: return try encode(readCode(8, radix: 16), inBytes: false, or: invalid)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            return try encode(readCode(3, radix: 8), inBytes: inBytes, or: invalid)
        default: throw invalid
        }
    }

    private static let plainEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
        UInt8(ascii: "v"): 11,
        UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22, UInt8(ascii: "`"): 0x60, UInt8(ascii: "?"): 0x3F,
    ]

    private mutating func readCode(_ count: Int, radix: UInt32) -> UInt32? {
        guard position + count <= bytes.count else { return nil }
        var code: UInt32 = 0
        for byte in bytes[position..<position + count] {
            guard let digit = byte.digitValue, digit < radix else { return nil }
            // Eight hexadecimal digits fit.
            code = code &* radix &+ digit
        }
        position += count
        return code
    }

    private func encode(_ code: UInt32?, inBytes: Bool, or problem: CELProblem) throws(CELProblem) -> [UInt8] {
        guard let code else { throw problem }
        if inBytes {
            guard let byte = UInt8(exactly: code) else { throw problem }
            return [byte]
        }
        guard let scalar = Unicode.Scalar(code) else { throw problem }
        return Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

// MARK: - Bytes

extension CELLexer {
    private func peek(_ distance: Int = 0) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func take(while isWanted: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = peek(), isWanted(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
    }

    fileprivate var isHexadecimalDigit: Bool { digitValue != nil }

    fileprivate var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }

    /// Of a hexadecimal digit.
    fileprivate var digitValue: UInt32? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
