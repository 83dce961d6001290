/// Rules that the texts of objects, relations and users share.
enum ReferenceText {
    /// The blanks of Go's regular expressions (`\s`), which OpenFGA's patterns are written in, and NUL, which PostgreSQL cannot keep.
    static func isForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x00, UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0x0C, UInt8(ascii: "\r"), UInt8(ascii: " "): true
        default: false
        }
    }

    /// Whether the text has more Unicode scalars than `maximum`. Looks at no more of it than it must.
    static func isLonger(_ text: some StringProtocol, than maximum: Int) -> Bool {
        let bytes = text.utf8
        // A scalar has one to four bytes.
        guard let last = bytes.index(bytes.startIndex, offsetBy: maximum, limitedBy: bytes.endIndex), last < bytes.endIndex else { return false }
        return text.unicodeScalars.dropFirst(maximum).isEmpty == false
    }

    /// Whether this could be the name of a type, relation or condition, its length aside: OpenFGA's `^[^:#@\s]+$`.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: ":"), UInt8(ascii: "#"), UInt8(ascii: "@"): false
                default: !isForbidden(byte)
                }
            }
    }

    /// A text cut at its only `:` and, where it has one, at the `#` behind.
    struct Parts<Text: StringProtocol> {
        var type: Text.SubSequence
        var id: Text.SubSequence
        var relation: Text.SubSequence?
    }

    enum Form<Text: StringProtocol> {
        case typed(Parts<Text>)
        /// Neither `:` nor `#`.
        case untyped
        case malformed
    }

    /// Cuts a text in one walk over its bytes.
    static func form<Text: StringProtocol>(of text: Text) -> Form<Text> {
        let bytes = text.utf8
        var colon: Text.Index?
        var hash: Text.Index?
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: ":"):
                guard colon == nil, hash == nil else { return .malformed }
                colon = index
            case UInt8(ascii: "#"):
                guard colon != nil, hash == nil else { return .malformed }
                hash = index
            case let byte where isForbidden(byte): return .malformed
            default: break
            }
        }
        guard let colon else { return .untyped }
        let parts = Parts<Text>(
            type: text[..<colon], id: text[bytes.index(after: colon)..<(hash ?? text.endIndex)],
            relation: hash.map { text[bytes.index(after: $0)...] })
        guard !parts.type.isEmpty, !parts.id.isEmpty, parts.relation?.isEmpty != true else { return .malformed }
        return .typed(parts)
    }
}
