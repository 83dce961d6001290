import GoldcrestConfiguration
import ReBAC

/// A file of tuples as OpenFGA's CLI reads and writes them: a list in YAML or JSON, such a list under `tuples`, JSON objects in lines, or CSV.
struct TupleFile {
    struct Entry {
        let tuple: RelationshipTuple
        let line: Int?
    }

    /// What a tuple's members are, as texts.
    struct Texts {
        var object: String
        var relation: String
        var user: String
        var condition: TupleCondition?
    }

    /// Some 250,000 tuples.
    static let limits = YAMLDocument.Limits(size: 64 << 20, nodes: 2_000_000)

    let path: String
    private(set) var tuples: [Entry] = []
    private(set) var problems: [ConfigurationError.Problem] = []

    init(path: String) {
        self.path = path
    }

    /// Reads the file. What is wrong with it is in ``problems``.
    mutating func read() {
        do {
            read(try ConfigurationFile.text(at: path, maximumSize: Self.limits.size))
        } catch {
            report(error.reason, expected: "a file with tuples", line: nil)
        }
    }

    /// Reads the file's text in the format that its name says: `.csv`, `.jsonl`, else YAML or JSON.
    mutating func read(_ text: String) {
        if path.hasSuffix(".csv") {
            readCSV(text)
        } else if path.hasSuffix(".jsonl") {
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where !line.allSatisfy(\.isWhitespace) {
                readYAML(String(line), firstLine: index + 1)
            }
        } else {
            readYAML(text, firstLine: 1)
        }
    }

    /// Looks whether every tuple fits the model, and is there once.
    mutating func check(_ rules: TupleRules) {
        // By its bytes, as the database tells tuples apart.
        var lines: [[UInt8]: Int] = [:]
        for entry in tuples {
            let key = entry.tuple.key
            if let first = lines.updateValue(entry.line ?? 0, forKey: Array(key.description.utf8)) {
                report("\(key) for the second time, after line \(first)", expected: "every tuple once", line: entry.line)
            }
            if let problem = rules.problem(writing: entry.tuple) {
                report("the tuple \(key) (\(problem))", expected: "a tuple that fits the model", line: entry.line)
            }
        }
    }

    /// - Parameter texts: Of a tuple; whether they are ones is seen here.
    mutating func append(_ texts: Texts, line: Int?) {
        do {
            let key = try TupleKey(object: texts.object, relation: texts.relation, user: texts.user)
            tuples.append(Entry(tuple: RelationshipTuple(key: key, condition: texts.condition), line: line))
        } catch {
            report("an invalid tuple (\(error))", expected: "a tuple of user, relation and object", line: line)
        }
    }

    mutating func report(_ found: String, expected: String, line: Int?) {
        problems.append(ConfigurationError.Problem(path: path, found: found, expected: expected, line: line))
    }
}
