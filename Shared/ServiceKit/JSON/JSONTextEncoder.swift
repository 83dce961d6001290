public import NIOCore

/// Writes bytes that come in pieces as the inside of one JSON string (RFC 8259 section 7).
///
/// What isn't UTF-8 becomes U+FFFD, one for each maximal subpart as Unicode recommends (The Unicode Standard, section 3.9) and as
/// `String(decoding:as:)` does it, wherever the pieces are cut. Holds at most three bytes.
public struct JSONTextEncoder: Sendable {
    /// The bytes of a character whose end has not come yet.
    private var held: [UInt8] = []
    private var character: UnfinishedCharacter?

    public init() {}

    /// How many of the bytes received have not been written yet, as the end of their character is missing.
    public var heldByteCount: Int { held.count }

    public mutating func append(_ bytes: ByteBuffer, to output: inout ByteBuffer) {
        bytes.withUnsafeReadableBytes { append($0, to: &output) }
    }

    public mutating func append(_ text: String, to output: inout ByteBuffer) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &output) }
    }

    /// Writes what was held back: the text has ended.
    public mutating func finish(to output: inout ByteBuffer) {
        if character != nil { output.writeBytes(Self.replacement) }
        character = nil
        held = []
    }

    private mutating func append(_ bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
        /// From here on nothing of the piece has been written.
        var start = 0
        /// Where the unfinished character begins, or would if none of it had been held.
        var characterStart = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if let unfinished = character {
                guard unfinished.accepts(byte) else {
                    // Of the character there is nothing more; the byte itself is looked at again.
                    if held.isEmpty { output.writeBytes(bytes[start..<characterStart]) }
                    output.writeBytes(Self.replacement)
                    (character, held, start) = (nil, [], index)
                    continue
                }
                character = unfinished.next
                index += 1
                if character == nil, !held.isEmpty {
                    output.writeBytes(held)
                    held = []
                }
            } else if byte < 0x80 {
                // Nearly all of nearly every text: 0x22 is the quote, 0x5C the backslash.
                while index < bytes.count, case let next = bytes[index], next >= 0x20, next < 0x80, next != 0x22, next != 0x5C { index += 1 }
                guard index < bytes.count, case let byte = bytes[index], byte < 0x80 else { continue }
                output.writeBytes(bytes[start..<index])
                Self.writeEscape(byte, to: &output)
                index += 1
                start = index
            } else if let begun = UnfinishedCharacter(lead: byte) {
                character = begun
                characterStart = index
                index += 1
            } else {
                output.writeBytes(bytes[start..<index])
                output.writeBytes(Self.replacement)
                index += 1
                start = index
            }
        }
        if character == nil {
            output.writeBytes(bytes[start...])
        } else if held.isEmpty {
            output.writeBytes(bytes[start..<characterStart])
            held = Array(bytes[characterStart...])
        } else {
            held += bytes
        }
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private static func writeEscape(_ byte: UInt8, to output: inout ByteBuffer) {
        switch byte {
        case 0x08: output.writeStaticString("\\b")
        case 0x09: output.writeStaticString("\\t")
        case 0x0A: output.writeStaticString("\\n")
        case 0x0C: output.writeStaticString("\\f")
        case 0x0D: output.writeStaticString("\\r")
        case UInt8(ascii: "\""): output.writeStaticString("\\\"")
        case UInt8(ascii: "\\"): output.writeStaticString("\\\\")
        default:
            // Below 0x20.
            output.writeStaticString(byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0xF
            output.writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}

/// What must follow the first bytes of a character in UTF-8 (The Unicode Standard, table 3-7).
private struct UnfinishedCharacter {
    private var missing: Int
    private var accepted: ClosedRange<UInt8> = 0x80...0xBF

    /// - Returns: Nil for a byte with which no character of several bytes begins.
    init?(lead: UInt8) {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, accepted) = (2, 0xA0...0xBF)
        case 0xED: (missing, accepted) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, accepted) = (3, 0x90...0xBF)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, accepted) = (3, 0x80...0x8F)
        default: return nil
        }
    }

    func accepts(_ byte: UInt8) -> Bool { accepted.contains(byte) }

    /// Behind one more byte; nil when that was the last.
    var next: UnfinishedCharacter? {
        guard missing > 1 else { return nil }
        var next = self
        next.missing -= 1
        next.accepted = 0x80...0xBF
        return next
    }
}
