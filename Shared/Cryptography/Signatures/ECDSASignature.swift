/// The two forms of an ECDSA signature: JOSE has r and s side by side (RFC 7518 section 3.4), OpenSSL has them in DER (RFC 3279 section 2.2.3).
enum ECDSASignature {
    /// - Parameter coordinateLength: The length of r and of s in bytes.
    /// - Returns: The signature in DER, or nil when `raw` has another length than two coordinates.
    static func der(raw: [UInt8], coordinateLength: Int) -> [UInt8]? {
        guard raw.count == 2 * coordinateLength else { return nil }
        let integers = integer(raw.prefix(coordinateLength)) + integer(raw.suffix(coordinateLength))
        return [0x30] + length(integers.count) + integers
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var value = Array(bytes.drop { $0 == 0 })
        // A set top bit would make the number negative, and an empty number is not allowed.
        if value.first.map({ $0 >= 0x80 }) ?? true { value.insert(0, at: 0) }
        return [0x02] + length(value.count) + value
    }

    /// At most two times 69 bytes have to be counted, so one byte of length is enough in the long form.
    private static func length(_ count: Int) -> [UInt8] {
        count < 0x80 ? [UInt8(count)] : [0x81, UInt8(count)]
    }
}
