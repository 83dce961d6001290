/// Walks over a model in OpenFGA's language, token by token.
///
/// Blanks matter between words, line ends between declarations, and indentation not at all, as in OpenFGA's grammar (`openfga/language`).
/// A comment goes from a `#` at the start of a line or behind a blank to the line's end; any other `#` is that of `group#member`.
struct DSLScanner {
    let source: SourceText
    private(set) var offset = 0

    init(_ source: SourceText) {
        self.source = source
        // Editors of some systems begin a text with a byte order mark.
        if source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    var next: UInt8? { offset < source.bytes.count ? source.bytes[offset] : nil }

    mutating func advance() { offset += 1 }

    // MARK: Blanks and lines

    var isAtLineEnd: Bool { next == nil || next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") }

    /// Passes blanks and a comment behind them, within the line.
    ///
    /// - Returns: Whether there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = offset
        while let byte = next, Self.isBlank(byte) { offset += 1 }
        skipComment()
        return offset > start
    }

    /// Passes the rest of the line, which must be empty, and further empty lines.
    mutating func skipLines() {
        skipBlanks()
        while next != nil, isAtLineEnd {
            offset += 1
            skipBlanks()
        }
    }

    mutating func skipComment() {
        guard next == UInt8(ascii: "#"), startsComment else { return }
        while !isAtLineEnd { offset += 1 }
    }

    private var startsComment: Bool {
        guard offset > 0 else { return true }
        let previous = source.bytes[offset - 1]
        return Self.isBlank(previous) || previous == UInt8(ascii: "\n") || previous == UInt8(ascii: "\r")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0C }

    // MARK: Tokens

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(ModelProblem) {
        guard take(character) else { throw expected("'\(character)'") }
    }

    /// The word that stands here: a name or a keyword. Absent where none does.
    var word: String? {
        let end = wordEnd
        return end > offset ? String(decoding: source.bytes[offset..<end], as: UTF8.self) : nil
    }

    mutating func take(word: String) -> Bool {
        guard self.word == word else { return false }
        offset += word.utf8.count
        return true
    }

    mutating func expect(word: String) throws(ModelProblem) {
        guard take(word: word) else { throw expected("'\(word)'") }
    }

    /// Passes the `but not` that stands here, which is one token with one blank.
    mutating func takeButNot() -> Bool {
        let token = "but not".utf8
        guard source.bytes[offset...].starts(with: token) else { return false }
        offset += token.count
        return true
    }

    mutating func expectBlanks(before what: String) throws(ModelProblem) {
        guard skipBlanks() else { throw expected("a blank before \(what)") }
    }

    /// Letters, digits, `_` and `-` behind a letter or `_`; between them also `.` and `/`.
    private var wordEnd: Int {
        let bytes = source.bytes
        guard let first = next, Self.isLetter(first) else { return offset }
        var end = offset + 1
        while end < bytes.count {
            let byte = bytes[end]
            let isSeparator = (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")) && Self.isLetterOrDigit(bytes[end - 1])
            guard
                Self.isLetterOrDigit(byte) || byte == UInt8(ascii: "-")
                    || isSeparator && end + 1 < bytes.count && Self.isLetterOrDigit(bytes[end + 1])
            else { break }
            end += 1
        }
        return end
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: false
        }
    }

    // MARK: Problems

    func problem(_ reason: String, at offset: Int? = nil) -> ModelProblem {
        ModelProblem(reason, kind: .malformed, at: source.position(of: offset ?? self.offset))
    }

    func expected(_ what: String) -> ModelProblem { problem("expected \(what), but found \(found)") }

    /// What stands here, for messages.
    private var found: String {
        if next == nil { return "the end of the model" }
        if isAtLineEnd { return "the end of the line" }
        if let word { return "'\(word.prefix(60))'" }
        guard let character = String(decoding: source.bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars.first else { return "nothing" }
        return character.value < 0x20 ? "a control character" : "'\(character)'"
    }
}
