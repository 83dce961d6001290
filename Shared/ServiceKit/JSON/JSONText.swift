/// The text of a JSON string (RFC 8259, section 7).
package enum JSONText {
    /// - Parameters:
    ///   - bytes: What stands between the quotes.
    ///   - hasEscapes: Whether there is a backslash in it.
    /// - Returns: `nil` for an escape that is none. Bytes that are not UTF-8 and halves of surrogate pairs become U+FFFD.
    package static func decode(_ bytes: UnsafeRawBufferPointer, hasEscapes: Bool) -> String? {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        // The first half of a surrogate pair, until its second half has come.
        var high: UInt32?
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "\\") else {
                if high.take() != nil { append(0xFFFD, to: &text) }
                text.append(byte)
                continue
            }
            guard let escape = rest.next(), let unit = codeUnit(of: escape, &rest) else { return nil }
            if let first = high.take() {
                if (0xDC00...0xDFFF).contains(unit) {
                    append(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00), to: &text)
                    continue
                }
                append(0xFFFD, to: &text)
            }
            if (0xD800...0xDBFF).contains(unit) { high = unit } else { append(unit, to: &text) }
        }
        if high != nil { append(0xFFFD, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func codeUnit(of escape: UInt8, _ rest: inout UnsafeRawBufferPointer.Iterator) -> UInt32? {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt32(escape)
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "u"): hexadecimal(&rest)
        default: nil
        }
    }

    private static func hexadecimal(_ rest: inout UnsafeRawBufferPointer.Iterator) -> UInt32? {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = rest.next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        let scalar = Unicode.Scalar(scalar) ?? "\u{FFFD}"
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
