import ReBAC

extension TupleFile {
    private static let requiredColumns = ["user_type", "user_id", "relation", "object_type", "object_id"]
    private static let columns = requiredColumns + ["user_relation", "condition_name", "condition_context"]

    /// Reads the format of OpenFGA's CLI: the first line names the columns.
    mutating func readCSV(_ text: String) {
        var reader = CSVReader(text)
        guard let header = reader.nextRecord() else { return }
        let names = header.fields.map { $0.trimmingBlanks }
        if let unknown = names.first(where: { !Self.columns.contains($0) }) {
            return report("the column \(unknown)", expected: Self.columns.joined(separator: ", "), line: header.line)
        }
        if let missing = Self.requiredColumns.first(where: { !names.contains($0) }) {
            return report("no column \(missing)", expected: Self.requiredColumns.joined(separator: ", "), line: header.line)
        }
        while let record = reader.nextRecord() {
            guard record.fields.count == names.count else {
                report("\(record.fields.count) values", expected: "\(names.count), one for each column", line: record.line)
                continue
            }
            readTuple(Dictionary(zip(names, record.fields)) { first, _ in first }, line: record.line)
        }
        if let line = reader.unclosedQuote { report("a quote that does not end", expected: "valid CSV (RFC 4180)", line: line) }
    }

    private mutating func readTuple(_ fields: [String: String], line: Int) {
        func field(_ name: String) -> String { fields[name] ?? "" }
        var texts = Texts(
            object: "\(field("object_type")):\(field("object_id"))", relation: field("relation"), user: "\(field("user_type")):\(field("user_id"))")
        if !field("user_relation").isEmpty { texts.user += "#\(field("user_relation"))" }
        let (name, context) = (field("condition_name"), field("condition_context"))
        do {
            if !name.isEmpty {
                texts.condition = TupleCondition(name: name, context: context.isEmpty ? [:] : try ConditionContext(json: context.utf8))
            } else if !context.isEmpty {
                return report("a context without a condition", expected: "condition_name", line: line)
            }
            append(texts, line: line)
        } catch {
            report("a wrong condition_context (\(error))", expected: "the condition's context as a JSON object", line: line)
        }
    }
}

/// Reads records of comma-separated values (RFC 4180). Empty lines are none.
private struct CSVReader {
    private var rest: Substring.UnicodeScalarView
    private var line = 1
    /// Where a quote begins that does not end.
    private(set) var unclosedQuote: Int?

    init(_ text: String) {
        rest = Substring(text).unicodeScalars
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
    }

    mutating func nextRecord() -> (fields: [String], line: Int)? {
        while rest.first?.isLineEnd == true { advance() }
        guard !rest.isEmpty else { return nil }
        let start = line
        var fields: [String] = []
        repeat {
            guard let field = rest.first == "\"" ? quoted() : bare() else { return nil }
            fields.append(field)
        } while take(",")
        return (fields, start)
    }

    private mutating func bare() -> String? {
        let field = rest.prefix { $0 != "," && !$0.isLineEnd }
        rest = rest[field.endIndex...]
        return String(field)
    }

    private mutating func quoted() -> String? {
        let start = line
        advance()
        var field = String.UnicodeScalarView()
        while let character = rest.first {
            advance()
            if character == "\"" {
                // Two of them are one.
                guard take("\"") else { return String(field) + (bare() ?? "") }
            }
            field.append(character)
        }
        unclosedQuote = start
        return nil
    }

    private mutating func advance() {
        if rest.popFirst() == "\n" { line += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == character else { return false }
        advance()
        return true
    }
}

extension Unicode.Scalar {
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r" }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(Substring(self).drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
