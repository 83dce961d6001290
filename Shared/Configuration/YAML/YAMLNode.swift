/// A value of a YAML document, aliases and merge keys resolved, and where it stands.
struct YAMLNode {
    enum Content {
        /// `isPlain` tells a text without quotes, which may mean a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry {
        var key: String
        var value: YAMLNode
    }

    var content: Content
    /// Starting from 1.
    var line: Int?

    /// Whether this says that there is no value (YAML 1.2, section 10.2.1.1).
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What kind of value this is, without showing it.
    var kind: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
