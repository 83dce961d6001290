internal import Yams

/// Reads the one document of a YAML text within bounds.
///
/// A few lines of YAML can stand for billions of values, as an alias may name a list of aliases. The bounds make such a text an error instead of a dead process.
package enum YAMLDocument {
    /// How much a text may hold.
    package struct Limits: Sendable {
        /// Bytes.
        package var size: Int
        /// Values after all aliases have been replaced by what they name.
        package var nodes: Int

        package init(size: Int = YAMLDocument.maximumSize, nodes: Int = 200_000) {
            self.size = size
            self.nodes = nodes
        }
    }

    /// Bytes of a text for which nothing else is said.
    package static let maximumSize = 4 << 20
    static let maximumDepth = 64

    /// Why a text is no usable YAML document. Never quotes the text, which may hold secrets.
    package struct Failure: Error {
        package var message: String
        package var line: Int?
        package var column: Int?
    }

    /// - Returns: Nothing for a text without a document.
    package static func parse(_ text: String, limits: Limits = Limits()) throws(Failure) -> YAMLNode? {
        guard text.utf8.count <= limits.size else {
            throw Failure(message: "more than \(limits.size >> 20) MiB")
        }
        guard let root = try compose(text) else { return nil }
        var expansion = Expansion(maximumNodes: limits.nodes)
        return try expansion.expand(root, depth: 0)
    }

    private static func compose(_ text: String) throws(Failure) -> Node? {
        do {
            // The basic resolver gives every plain scalar to us as text: what a value means is decided by the key that it belongs to.
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw Failure(error)
        } catch {
            throw Failure(message: "no YAML")
        }
    }
}

extension YAMLDocument {
    /// Counts the values while it replaces aliases and merge keys.
    private struct Expansion {
        let maximumNodes: Int
        var nodes = 0

        init(maximumNodes: Int) {
            self.maximumNodes = maximumNodes
        }

        mutating func expand(_ node: Node, depth: Int) throws(Failure) -> YAMLNode {
            nodes += 1
            let mark = node.mark
            guard nodes <= maximumNodes else {
                throw Failure(message: "more than \(maximumNodes) values, aliases counted as often as they are used", line: mark?.line)
            }
            guard depth <= maximumDepth else {
                throw Failure(message: "nested deeper than \(maximumDepth) levels", line: mark?.line, column: mark?.column)
            }
            switch node {
            case .scalar(let scalar):
                let isPlain = scalar.style == .plain || scalar.style == .any
                return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), line: mark?.line)
            case .sequence(let sequence):
                var elements: [YAMLNode] = []
                for element in sequence { elements.append(try expand(element, depth: depth + 1)) }
                return YAMLNode(content: .sequence(elements), line: mark?.line)
            case .mapping(let mapping):
                return YAMLNode(content: .mapping(try entries(of: mapping, depth: depth)), line: mark?.line)
            case .alias(let alias):
                throw Failure(message: "an alias that names nothing", line: alias.mark?.line, column: alias.mark?.column)
            }
        }

        private mutating func entries(of mapping: Node.Mapping, depth: Int) throws(Failure) -> [YAMLNode.Entry] {
            var own: [YAMLNode.Entry] = []
            var merged: [YAMLNode.Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw Failure(message: "a key that is a list or a mapping", line: key.mark?.line, column: key.mark?.column)
                }
                let node = try expand(value, depth: depth + 1)
                if name.string == "<<", name.style == .plain {
                    merged += try mergeable(node)
                } else {
                    own.append(YAMLNode.Entry(key: name.string, value: node))
                }
            }
            // A mapping's own keys win, then those of the mapping that is merged first (yaml.org/type/merge.html).
            var seen = Set(own.map(\.key))
            for entry in merged where seen.insert(entry.key).inserted { own.append(entry) }
            return own
        }

        private func mergeable(_ node: YAMLNode) throws(Failure) -> [YAMLNode.Entry] {
            switch node.content {
            case .mapping(let entries):
                return entries
            case .sequence(let nodes):
                var all: [YAMLNode.Entry] = []
                for node in nodes { all += try mergeable(node) }
                return all
            case .scalar:
                throw Failure(message: "a merge key (<<) whose value is no mapping", line: node.line)
            }
        }
    }
}

extension YAMLDocument.Failure {
    // Yams' own descriptions quote the text.
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let prefix = context.map { "\($0.text): " } ?? ""
            self.init(message: prefix + problem, line: mark.line, column: mark.column)
        case .composer(_, let problem, let mark, _):
            self.init(message: problem, line: mark.line, column: mark.column)
        case .reader(let problem, let offset, _, let text):
            let line = offset.map { text.prefix($0).utf8.count { $0 == UInt8(ascii: "\n") } + 1 }
            self.init(message: problem, line: line)
        case .duplicatedKeysInMapping(let names, let context):
            let list = names.map { "“\($0)”" }.joined(separator: ", ")
            self.init(message: "the same key twice in one mapping: \(list)", line: context.mark.line, column: context.mark.column)
        case .memory:
            self.init(message: "more than fits into memory")
        default:
            self.init(message: "no YAML")
        }
    }
}
