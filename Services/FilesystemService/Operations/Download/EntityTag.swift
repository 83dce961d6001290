/// What tells one version of a file from another (RFC 9110 section 8.8.3).
struct EntityTag: Sendable, Equatable {
    /// Between the quotes.
    var opaque: String
    var isWeak = false

    init(opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag of a file, made of its size and the time of its last change.
    ///
    /// - Returns: Nil for a file that was changed in the last two seconds, or in the future: its time is in whole seconds, and another change in
    ///   the same second would not show.
    init?(of version: FileVersion, now: HTTPDate) {
        guard version.modified < now.seconds - 2 else { return nil }
        opaque = "\(String(version.size, radix: 16))-\(String(version.modified, radix: 16))"
    }

    /// Reads one tag from the beginning of a text.
    ///
    /// - Returns: Nil when there is none.
    static func read(_ text: inout Substring) -> EntityTag? {
        let isWeak = text.hasPrefix("W/")
        var rest = isWeak ? text.dropFirst(2) : text
        guard rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else { return nil }
        let opaque = rest[..<end]
        guard opaque.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        text = rest[rest.index(after: end)...]
        return EntityTag(opaque: String(opaque), isWeak: isWeak)
    }

    /// As a header has it.
    var text: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

    /// Whether both name the same bytes.
    func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Whether both name the same content, though perhaps in other bytes.
    func matchesWeakly(_ other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}
