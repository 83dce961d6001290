import GoldcrestConfiguration
import ReBAC

extension TupleFile {
    /// - Parameter firstLine: Of the text in the file.
    mutating func readYAML(_ text: String, firstLine: Int) {
        do {
            guard let root = try YAMLDocument.parse(Self.yaml(text), limits: Self.limits), !root.isNull else { return }
            readTuples(root, offset: firstLine - 1)
        } catch {
            report(error.message, expected: "valid YAML or JSON", line: error.line.map { $0 + firstLine - 1 })
        }
    }

    /// JSON is YAML but for tabs between values, which YAML does not take. Within JSON's texts a tab is written `\t`.
    private static func yaml(_ text: String) -> String {
        guard let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }), first == "[" || first == "{" else { return text }
        return String(decoding: text.utf8.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    /// - Parameter offset: Of the lines of the nodes in the file.
    private mutating func readTuples(_ node: YAMLNode, offset: Int) {
        switch node.content {
        case .sequence(let nodes):
            for node in nodes { readTuple(node, offset: offset) }
        case .mapping(let entries):
            // What the CLI writes, what it reads in a store's file, and the bodies of OpenFGA's API.
            for name in ["tuples", "tuple_keys", "writes"] {
                if let list = entries.first(where: { $0.key == name }) { return readTuples(list.value, offset: offset) }
            }
            readTuple(node, offset: offset)
        case .scalar:
            report(node.kind, expected: "a list of tuples", line: node.line.map { $0 + offset })
        }
    }

    private mutating func readTuple(_ node: YAMLNode, offset: Int) {
        let line = node.line.map { $0 + offset }
        guard case .mapping(let entries) = node.content else {
            return report(node.kind, expected: "a tuple with user, relation and object", line: line)
        }
        // As the API's `read` and the CLI show tuples that are stored.
        if let key = entries.first(where: { $0.key == "key" }) { return readTuple(key.value, offset: offset) }
        var texts: [String: String] = [:]
        var condition: TupleCondition?
        for entry in entries {
            let line = entry.value.line.map { $0 + offset } ?? line
            switch (entry.key, entry.value.content) {
            case ("user", .scalar(let text, _)), ("relation", .scalar(let text, _)), ("object", .scalar(let text, _)):
                texts[entry.key] = text
            case ("condition", _) where entry.value.isNull: continue
            case ("condition", .mapping(let members)):
                condition = readCondition(members, line: line)
                if condition == nil { return }
            default:
                // Something that is passed over here, such as a misspelt condition, would let more people in than was meant.
                return report("\(entry.value.kind) named \(entry.key)", expected: "user, relation, object and perhaps condition", line: line)
            }
        }
        guard let user = texts["user"], let relation = texts["relation"], let object = texts["object"] else {
            let missing = ["user", "relation", "object"].filter { texts[$0] == nil }.joined(separator: ", ")
            return report("no \(missing)", expected: "a tuple with user, relation and object", line: line)
        }
        append(Texts(object: object, relation: relation, user: user, condition: condition), line: line)
    }

    private mutating func readCondition(_ members: [YAMLNode.Entry], line: Int?) -> TupleCondition? {
        var name: String?
        var context: ConditionContext = [:]
        for member in members {
            switch (member.key, member.value.content) {
            case ("name", .scalar(let text, _)): name = text
            case ("context", _) where member.value.isNull: continue
            case ("context", .mapping(let values)): context = Self.context(values)
            default:
                report("\(member.value.kind) named \(member.key) in a condition", expected: "name and perhaps context", line: line)
                return nil
            }
        }
        guard let name, !name.isEmpty else {
            report("a condition without a name", expected: "name and perhaps context", line: line)
            return nil
        }
        return TupleCondition(name: name, context: context)
    }

    private static func context(_ entries: [YAMLNode.Entry]) -> ConditionContext {
        Dictionary(entries.map { ($0.key, value($0.value)) }) { first, _ in first }
    }

    private static func value(_ node: YAMLNode) -> ContextValue {
        switch node.content {
        case .sequence(let nodes): .list(nodes.map(value))
        case .mapping(let entries): .map(context(entries))
        case .scalar(let text, isPlain: false): .string(text)
        case .scalar(let text, isPlain: true): node.isNull ? .null : plainValue(text)
        }
    }

    /// What JSON would take for a number or a truth value is one; all else is text, such as times and durations.
    private static func plainValue(_ text: String) -> ContextValue {
        switch try? JSONReader.value(of: Array(text.utf8)) {
        case .number(let number): .number(number)
        case .bool(let bool): .bool(bool)
        default: .string(text)
        }
    }
}
