import Glibc

/// Counts the newlines of a text that comes in blocks.
enum Newlines {
    /// Looks forward for the `missing`th newline, and lowers `missing` by those found.
    ///
    /// - Returns: The position behind it; nil when it is not here.
    static func end(ofLine missing: inout Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        var position = 0
        while let newline = memchr(start + position, newline, bytes.count - position) {
            position = start.distance(to: newline) + 1
            missing -= 1
            if missing == 0 { return position }
        }
        return nil
    }

    /// Looks backward for the `missing`th newline from the end, and lowers `missing` by those found.
    ///
    /// - Returns: The position behind it; nil when it is not here.
    static func start(ofLine missing: inout Int, in bytes: UnsafeRawBufferPointer) -> Int? {
        var rest = bytes[...]
        while let position = rest.lastIndex(of: UInt8(newline)) {
            missing -= 1
            if missing == 0 { return position + 1 }
            rest = rest[..<position]
        }
        return nil
    }

    private static let newline = Int32(UInt8(ascii: "\n"))
}
