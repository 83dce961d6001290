/// Where a text stops being JSON (RFC 8259), and why.
///
/// Foundation's decoder says only that it did; clients are told the offset.
struct JSONSyntaxProblem: Error, Equatable {
    /// Bytes from the start of the text.
    let offset: Int
    let message: String

    /// Looks for the first problem; `nil` in a text that is JSON.
    static func find(in text: [UInt8]) -> JSONSyntaxProblem? {
        var scanner = JSONScanner(text: text)
        do {
            try scanner.scan()
            return nil
        } catch {
            return error
        }
    }
}

/// Reads over a JSON text without keeping anything of it.
private struct JSONScanner {
    /// As deep as Foundation's decoder goes.
    private static let maximumDepth = 512

    let text: [UInt8]
    private var offset = 0

    init(text: [UInt8]) {
        self.text = text
    }

    private var next: UInt8? { offset < text.count ? text[offset] : nil }

    private func problem(_ message: String) -> JSONSyntaxProblem {
        JSONSyntaxProblem(offset: offset, message: message)
    }

    mutating func scan() throws(JSONSyntaxProblem) {
        try value(depth: 0)
        skipWhitespace()
        if next != nil { throw problem("has more text behind its end") }
    }

    private mutating func skipWhitespace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(JSONSyntaxProblem) {
        skipWhitespace()
        guard take(character) else { throw problem(next == nil ? "ends too early" : "lacks a '\(character)'") }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxProblem) {
        skipWhitespace()
        guard depth < Self.maximumDepth else { throw problem("is nested more than \(Self.maximumDepth) deep") }
        guard let byte = next else { throw problem("ends too early") }
        switch byte {
        case UInt8(ascii: "{"): try members(depth: depth)
        case UInt8(ascii: "["): try elements(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw problem("has a character that begins no value")
        }
    }

    private mutating func members(depth: Int) throws(JSONSyntaxProblem) {
        try expect("{")
        skipWhitespace()
        if take("}") { return }
        repeat {
            skipWhitespace()
            guard next == UInt8(ascii: "\"") else { throw problem("lacks a member's name in quotes") }
            try string()
            try expect(":")
            try value(depth: depth + 1)
            skipWhitespace()
        } while take(",")
        try expect("}")
    }

    private mutating func elements(depth: Int) throws(JSONSyntaxProblem) {
        try expect("[")
        skipWhitespace()
        if take("]") { return }
        repeat {
            try value(depth: depth + 1)
            skipWhitespace()
        } while take(",")
        try expect("]")
    }

    private mutating func string() throws(JSONSyntaxProblem) {
        try expect("\"")
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): offset += 2
            case 0..<0x20: throw problem("has a control character in a string")
            default: offset += 1
            }
        }
        offset = text.count
        throw problem("ends within a string")
    }

    private mutating func word(_ word: String) throws(JSONSyntaxProblem) {
        for byte in word.utf8 {
            guard next == byte else { throw problem("has a word that is none of true, false, null") }
            offset += 1
        }
    }

    private mutating func number() throws(JSONSyntaxProblem) {
        let start = offset
        while let byte = next, Set("+-.eE0123456789".utf8).contains(byte) { offset += 1 }
        guard Double(String(decoding: text[start..<offset], as: UTF8.self)) != nil else {
            offset = start
            throw problem("has a malformed number")
        }
    }
}
