/// A value of a YAML document, aliases and merge keys resolved, and where it stands.
package struct YAMLNode {
    package enum Content {
        /// `isPlain` tells a text without quotes, which may mean a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    package struct Entry {
        package var key: String
        package var value: YAMLNode
    }

    package var content: Content
    /// Starting from 1.
    package var line: Int?

    /// Whether this says that there is no value (YAML 1.2, section 10.2.1.1).
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What kind of value this is, without showing it.
    package var kind: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
