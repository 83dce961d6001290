/// A string as CEL compares it: by its code points. Swift's own comparison takes `é` and `e` with a combining accent for equal.
struct CELString: Sendable, Hashable, Comparable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// In code points, as CEL's `size` counts.
    var count: Int { text.unicodeScalars.count }

    static func == (left: CELString, right: CELString) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// The order of UTF-8 is that of the code points.
    static func < (left: CELString, right: CELString) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(text.utf8.count)
    }

    func hasPrefix(_ prefix: CELString) -> Bool { text.utf8.starts(with: prefix.text.utf8) }

    func hasSuffix(_ suffix: CELString) -> Bool { text.utf8.reversed().starts(with: suffix.text.utf8.reversed()) }

    /// In time that is linear in both lengths (Knuth, Morris and Pratt), since both may come from outside.
    func contains(_ part: CELString) -> Bool {
        let pattern = Array(part.text.utf8)
        guard !pattern.isEmpty else { return true }
        let borders = Self.borders(of: pattern)
        var matched = 0
        for byte in text.utf8 {
            while matched > 0, pattern[matched] != byte { matched = borders[matched - 1] }
            if pattern[matched] == byte { matched += 1 }
            if matched == pattern.count { return true }
        }
        return false
    }

    /// For each prefix of the pattern how long the longest proper prefix is that it also ends with.
    private static func borders(of pattern: [UInt8]) -> [Int] {
        var borders = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[length] != pattern[index] { length = borders[length - 1] }
            if pattern[length] == pattern[index] { length += 1 }
            borders[index] = length
        }
        return borders
    }
}
