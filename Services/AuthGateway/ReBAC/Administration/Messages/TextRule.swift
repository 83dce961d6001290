/// What a text of a message must look like: the regular expressions of OpenFGA's protobuf messages, which its errors show.
struct TextRule: Sendable {
    /// The expression, written as OpenFGA's errors write it: with two backslashes.
    let pattern: String
    /// How many Unicode scalars.
    let length: ClosedRange<Int>
    let allows: @Sendable (Unicode.Scalar) -> Bool

    func matches(_ text: String) -> Bool {
        // A scalar has at most four bytes, so that a long text need not be counted.
        guard text.utf8.count <= 4 * length.upperBound else { return false }
        return length.contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(allows)
    }

    var reason: String { "value does not match regex pattern \"\(pattern)\"" }

    static let identifier = TextRule(pattern: "^[ABCDEFGHJKMNPQRSTVWXYZ0-9]{26}$", length: 26...26) { scalar in
        isDigit(scalar) || ("A"..."Z").contains(scalar) && !["I", "L", "O", "U"].contains(scalar)
    }
    static let relation = TextRule(pattern: #"^[^:#@\\s]{1,50}$"#, length: 1...50, allows: isOfName)
    static let type = TextRule(pattern: #"^[^:#@\\s]{1,254}$"#, length: 1...254, allows: isOfName)
    static let object = TextRule(pattern: #"^[^\\s]{2,256}$"#, length: 2...256) { !isBlank($0) }
    static let user = TextRule(pattern: #"^[^\\s]{2,512}$"#, length: 2...512) { !isBlank($0) }
    static let objectID = TextRule(pattern: #"[^#:\\s]+$"#, length: 1...256) { !isBlank($0) && $0 != "#" && $0 != ":" }
    static let condition = TextRule(pattern: #"^[^\\s]{2,256}$"#, length: 2...256) { !isBlank($0) }
    static let storeName = TextRule(pattern: #"^[a-zA-Z0-9\\s\\.\\-\\/^_&@]{3,64}$"#, length: 3...64) { scalar in
        isWord(scalar) || isBlank(scalar) && scalar != "\0" || [".", "-", "/", "^", "&", "@"].contains(scalar)
    }
    static let correlation = TextRule(pattern: #"^[\\w\\d-]{1,36}$"#, length: 1...36) { isWord($0) || $0 == "-" }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        !isBlank(scalar) && ![":", "#", "@"].contains(scalar)
    }

    /// `\s` in Go's expressions, and NUL, which PostgreSQL cannot keep.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        [" ", "\t", "\n", "\u{0C}", "\r", "\0"].contains(scalar)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
