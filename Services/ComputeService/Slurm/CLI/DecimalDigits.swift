/// Numbers in the output of commands.
enum DecimalDigits {
    /// The number that bytes are the digits of; `nil` if they are anything else or more than 18. Most fields are numbers, and so cost no string.
    static func integer(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard (1...18).contains(bytes.count) else { return nil }
        var value = 0
        for byte in bytes {
            let digit = Int(byte) - 0x30
            guard (0...9).contains(digit) else { return nil }
            value = value * 10 + digit
        }
        return value
    }
}
