/// The value of `If-Match` and `If-None-Match` (RFC 9110 sections 13.1.1 and 13.1.2).
enum EntityTagCondition: Sendable, Equatable {
    /// `*`: whatever there is.
    case any
    case among([EntityTag])

    /// - Returns: Nil for what is no list of tags.
    init?(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        var rest = text[...]
        while true {
            // Empty elements of a list are skipped (section 5.6.1.2).
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," }
            if rest.isEmpty { break }
            guard let tag = EntityTag.read(&rest) else { return nil }
            tags.append(tag)
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.isEmpty || rest.first == "," else { return nil }
        }
        self = .among(tags)
    }

    /// Whether it names a file that is there. One without a tag is named by `*` only.
    func names(_ tag: EntityTag?, by compare: (EntityTag, EntityTag) -> Bool) -> Bool {
        switch self {
        case .any: true
        case .among(let tags): tag.map { tag in tags.contains { compare($0, tag) } } ?? false
        }
    }
}
