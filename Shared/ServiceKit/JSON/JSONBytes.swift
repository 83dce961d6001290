/// What single bytes of JSON mean.
package enum JSONBytes {
    /// Whether a byte begins or ends a string, an object or an array. In ASCII brackets and braces differ in one bit.
    @inlinable @inline(__always)
    package static func isStructure(_ byte: UInt8) -> Bool {
        let brace = byte | 0x20
        return byte == UInt8(ascii: "\"") || brace == UInt8(ascii: "{") || brace == UInt8(ascii: "}")
    }

    /// Whether a byte ends a number or a word.
    @inlinable @inline(__always)
    package static func endsScalar(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
