extension ConfigurationSection {
    // MARK: Sections

    /// A section. One that is missing is read as an empty one, which notes what it must have.
    func section<Value>(_ key: String, _ read: (ConfigurationSection) -> Value) -> Value {
        guard let value = find(key) else { return Self.read(child(entries: [], path: path.appending(key), line: line), read) }
        return section(value, read)
    }

    func optionalSection<Value>(_ key: String, aliases: [String] = [], _ read: (ConfigurationSection) -> Value) -> Value? {
        find(key, aliases: aliases).map { section($0, read) }
    }

    /// The value as a section.
    func section<Value>(_ value: Found, _ read: (ConfigurationSection) -> Value) -> Value {
        guard case .mapping(let entries) = value.node.content else {
            report(value, found: value.node.kind, expected: "a mapping")
            return Self.read(child(entries: [], path: value.path, line: value.node.line, isMuted: true), read)
        }
        return Self.read(child(entries: entries, path: value.path, line: value.node.line), read)
    }

    private func child(entries: [YAMLNode.Entry], path: ConfigurationPath, line: Int?, isMuted: Bool = false) -> ConfigurationSection {
        ConfigurationSection(
            entries: entries, path: path, line: line, directory: directory, diagnostics: diagnostics, isMuted: isMuted || self.isMuted)
    }

    static func read<Value>(_ section: ConfigurationSection, _ read: (ConfigurationSection) -> Value) -> Value {
        let value = read(section)
        section.warnOfUnknownKeys()
        return value
    }

    // MARK: Lists

    /// The elements of a list, which may be missing.
    func elements(_ key: String, expected: String) -> [Found] {
        guard let value = find(key) else { return [] }
        guard case .sequence(let nodes) = value.node.content else {
            report(value, found: value.node.kind, expected: expected)
            return []
        }
        return nodes.enumerated().map { Found(node: $1, path: value.path.appending($0)) }
    }

    /// Whether a list is missing or has no elements.
    func isEmptyList(_ key: String) -> Bool {
        guard let value = find(key) else { return true }
        guard case .sequence(let nodes) = value.node.content else { return false }
        return nodes.isEmpty
    }

    func sections<Value>(_ key: String, _ read: (ConfigurationSection) -> Value) -> [Value] {
        elements(key, expected: "a list of mappings").map { section($0, read) }
    }

    /// A list of texts, each passing a check.
    func texts(_ key: String, expected: String = "a text", where isRight: (String) -> Bool = { !$0.isEmpty }) -> [String] {
        elements(key, expected: "a list").compactMap { element in
            guard case .scalar(let text, _) = element.node.content, !element.node.isNull else {
                report(element, found: element.node.kind, expected: expected)
                return nil
            }
            guard isRight(text) else {
                report(element, found: WebURL.shown(text), expected: expected)
                return nil
            }
            return text
        }
    }

    // MARK: Mappings whose keys are names

    func named<Value>(_ key: String, _ read: (ConfigurationSection) -> Value) -> [String: Value] {
        section(key) { names in
            let pairs = names.allEntries().map { entry in
                (entry.key, names.section(Found(node: entry.value, path: names.path.appending(entry.key)), read))
            }
            return Dictionary(pairs) { first, _ in first }
        }
    }

    func namedTexts(_ key: String) -> [String: String] {
        section(key) { names in
            names.allEntries().reduce(into: [:]) { result, entry in
                guard case .scalar(let text, _) = entry.value.content else {
                    let found = Found(node: entry.value, path: names.path.appending(entry.key))
                    return names.report(found, found: entry.value.kind, expected: "a text")
                }
                result[entry.key] = entry.value.isNull ? "" : text
            }
        }
    }
}
