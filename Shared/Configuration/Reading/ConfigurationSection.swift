/// A mapping of the configuration that is being read, one key after the other.
///
/// Keys are asked for in snake_case and found in camelCase too. A wrong or missing value is noted and replaced by a stand-in, so that reading goes on and finds all
/// problems; whoever started the reading must throw the result away if there were any. Keys that nobody asked for become warnings.
final class ConfigurationSection {
    let path: ConfigurationPath
    let line: Int?
    /// Where relative paths start.
    let directory: String
    let diagnostics: ConfigurationDiagnostics
    /// Whether what is missing here is noted; not in the stand-in for something that was wrong as a whole.
    let isMuted: Bool
    private let entries: [YAMLNode.Entry]
    private var known: [String] = []
    private var used: Set<String> = []

    init(
        entries: [YAMLNode.Entry], path: ConfigurationPath, line: Int?, directory: String, diagnostics: ConfigurationDiagnostics,
        isMuted: Bool = false
    ) {
        self.entries = entries
        self.path = path
        self.line = line
        self.directory = directory
        self.diagnostics = diagnostics
        self.isMuted = isMuted
    }

    /// What a key has, and the key as the user wrote it.
    struct Found {
        var node: YAMLNode
        var path: ConfigurationPath
    }

    /// The value of a key, or of the first of its other names; none if it is missing or null.
    func find(_ key: String, aliases: [String] = []) -> Found? {
        let names = [key] + aliases
        let isFirstTime = !known.contains(key)
        if isFirstTime { known.append(key) }
        let spellings = Set(names + names.map(Self.camelCase))
        let matches = entries.filter { spellings.contains($0.key) }
        used.formUnion(matches.map(\.key))
        guard let first = matches.first else { return nil }
        for other in matches.dropFirst() where isFirstTime {
            let place = path.appending(other.key)
            report(
                Found(node: other.value, path: place), found: "the same setting as \(path.appending(first.key))", expected: "only one of them")
        }
        return first.value.isNull ? nil : Found(node: first.value, path: path.appending(first.key))
    }

    /// Whether a key is there, with or without a value.
    func has(_ key: String, aliases: [String] = []) -> Bool {
        let names = [key] + aliases
        let spellings = Set(names + names.map(Self.camelCase))
        return entries.contains { spellings.contains($0.key) }
    }

    /// Keys that are not Goldcrest's own business, or no longer mean anything, and are passed over without a warning.
    func ignore(_ keys: String...) {
        for key in keys { used.formUnion([key, Self.camelCase(key)]) }
    }

    /// All keys as they are, for mappings whose keys are names that the user chose.
    func allEntries() -> [YAMLNode.Entry] {
        used.formUnion(entries.map(\.key))
        return entries
    }

    // MARK: Problems and warnings

    func report(_ value: Found, found: String, expected: String) {
        report(found: found, expected: expected, at: value.path, line: value.node.line)
    }

    /// Notes a problem with a key, whether it is there or not.
    func report(_ key: String, found: String, expected: String) {
        let entry = entries.first { $0.key == key || $0.key == Self.camelCase(key) }
        report(found: found, expected: expected, at: path.appending(entry?.key ?? key), line: entry?.value.line ?? line)
    }

    func reportMissing(_ key: String, expected: String) {
        report(key, found: "nothing", expected: expected)
    }

    private func report(found: String, expected: String, at path: ConfigurationPath, line: Int?) {
        guard !isMuted else { return }
        diagnostics.add(ConfigurationError.Problem(path: "\(path)", found: found, expected: expected, line: line))
    }

    /// - Parameter key: What the warning is about; without one it is about the section.
    func warn(_ key: String? = nil, _ text: String) {
        guard !isMuted else { return }
        let place = key.map { key in path.appending(entries.first { $0.key == key || $0.key == Self.camelCase(key) }?.key ?? key) } ?? path
        diagnostics.warn("\(place): \(text)")
    }

    /// Warns of the keys that nobody asked for. Call it when the section has been read.
    func warnOfUnknownKeys() {
        guard !isMuted else { return }
        for entry in entries where !used.contains(entry.key) {
            let name = Self.snakeCase(entry.key)
            let suggestion = known.map { (key: $0, distance: Self.editDistance(name, $0)) }
                .filter { $0.distance <= max(1, $0.key.utf8.count / 4) }
                .min { $0.distance < $1.distance }
            let hint = suggestion.map { "; did you mean \(Self.spelled($0.key, like: entry.key))?" } ?? ""
            let line = entry.value.line.map { " (line \($0))" } ?? ""
            diagnostics.warn("\(path.appending(entry.key))\(line): unknown key\(hint)")
        }
    }
}

// MARK: - Spellings

extension ConfigurationSection {
    /// `max_part_size` as `maxPartSize`.
    static func camelCase(_ key: String) -> String {
        let words = key.split(separator: "_")
        guard let first = words.first else { return key }
        return first + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// `maxPartSize` as `max_part_size`.
    static func snakeCase(_ key: String) -> String {
        key.reduce(into: "") { result, character in
            if character.isUppercase, !result.isEmpty { result += "_" }
            result += character.lowercased()
        }
    }

    private static func spelled(_ key: String, like other: String) -> String {
        other.contains(where: \.isUppercase) ? camelCase(key) : key
    }

    /// How many letters must be put in, left out or replaced to make one text of the other (Levenshtein).
    static func editDistance(_ one: String, _ other: String) -> Int {
        let one = Array(one.utf8.prefix(64)), other = Array(other.utf8.prefix(64))
        var row = Array(0...other.count)
        for (i, a) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in other.enumerated() {
                let replaced = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[other.count]
    }

    /// A text as an error shows it: quoted, escaped, cut.
    static func quoted(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(60).reduce(into: "") { result, scalar in
            result += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "“\(shown)\(text.unicodeScalars.count > 60 ? "…" : "")”"
    }
}
