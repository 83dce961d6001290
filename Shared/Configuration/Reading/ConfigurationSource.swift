/// A YAML text that a configuration, or a part of it, is read from.
struct ConfigurationSource {
    var path: String
    /// How problems name it; the main file isn't named in the paths of its values.
    var name: String?
    var diagnostics: ConfigurationDiagnostics

    /// Reads the file; none when it is no usable YAML mapping, which has been noted then.
    func read<Value>(_ read: (ConfigurationSection) -> Value) -> Value? {
        let text: String
        do {
            text = try ConfigurationFile.text(at: path, maximumSize: YAMLDocument.maximumSize)
        } catch {
            return problem(found: error.reason, expected: "a readable YAML file")
        }
        return self.read(text: text, read)
    }

    func read<Value>(text: String, _ read: (ConfigurationSection) -> Value) -> Value? {
        let document: YAMLNode?
        do {
            document = try YAMLDocument.parse(text)
        } catch {
            let column = error.column.map { " at column \($0)" } ?? ""
            return problem(found: error.message + column, expected: "valid YAML", line: error.line)
        }
        guard let document, !document.isNull else { return problem(found: "an empty file", expected: "a mapping") }
        guard case .mapping(let entries) = document.content else {
            return problem(found: document.kind, expected: "a mapping", line: document.line)
        }
        let section = ConfigurationSection(
            entries: entries, path: ConfigurationPath(file: name), line: nil, directory: ConfigurationFile.directory(of: path),
            diagnostics: diagnostics)
        return ConfigurationSection.read(section, read)
    }

    private func problem<Value>(found: String, expected: String, line: Int? = nil) -> Value? {
        diagnostics.add(ConfigurationError.Problem(path: path, found: found, expected: expected, line: line))
        return nil
    }
}
