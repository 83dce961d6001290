/// A name as GNU `ls --quoting-style=c` writes it: a C string literal in double quotes, all bytes that aren't printable ASCII escaped.
///
/// Source: gnulib's `quotearg`, style `c_quoting_style`.
enum CQuotedText {
    /// Reads the literal at the beginning of `text`.
    ///
    /// - Returns: The bytes that it stands for and the rest behind the closing quote; nil when `text` doesn't begin with a complete literal.
    static func read(_ text: ArraySlice<UInt8>) -> (value: [UInt8], rest: ArraySlice<UInt8>)? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        var rest = text.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return (value, rest)
            case UInt8(ascii: "\\"):
                guard let escaped = readEscape(&rest) else { return nil }
                value.append(escaped)
            default:
                value.append(byte)
            }
        }
        return nil
    }

    /// Reads what follows a backslash: a letter or one to three octal digits.
    private static func readEscape(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let letter = rest.popFirst() else { return nil }
        switch letter {
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "v"): return 0x0B
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value = Int(letter - UInt8(ascii: "0"))
            for _ in 0..<2 {
                guard let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { break }
                value = value * 8 + Int(digit - UInt8(ascii: "0"))
                rest.removeFirst()
            }
            return UInt8(exactly: value)
        default:
            // The backslash, the quote, and the question mark of a trigraph stand for themselves.
            return letter
        }
    }
}
