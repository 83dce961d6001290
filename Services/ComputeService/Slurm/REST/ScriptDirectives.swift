import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes

/// The options that a script gives to `sbatch` in its `#SBATCH` lines, as fields of a job.
///
/// slurmrestd does not read these lines. What it has no field for is refused, never dropped: a job that runs with less than its author asked for
/// does harm.
struct ScriptDirectives {
    private struct Directive {
        let name: String
        let value: String
        /// As it stands in the script, for messages.
        let line: Substring
    }

    /// As much of a line as a message needs.
    private static let shownLength = 200

    private var directives: [Directive] = []

    /// - Throws: ``APIError`` with status 400 for what `sbatch` would refuse, too; 501 for an option that has no field.
    init(_ script: String) throws {
        // As for sbatch, the first line that is neither comment nor blank ends them.
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) else { break }
            if line.hasPrefix("#SBATCH") { try read(line) }
        }
    }

    // MARK: - Lines

    private mutating func read(_ line: Substring) throws {
        var words = try Self.words(line.dropFirst("#SBATCH".count), of: line)[...]
        while let word = words.popFirst() {
            let name: String
            var value: String?
            if word.hasPrefix("--") {
                let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                name = String(parts[0])
                value = parts.count == 2 ? String(parts[1]) : nil
            } else if word.hasPrefix("-"), let letter = word.dropFirst().first {
                guard let long = Self.letters[letter] else { throw Self.refusal(line) }
                name = long
                value = word.count > 2 ? String(word.dropFirst(2)) : nil
            } else {
                throw APIError(.badRequest, "Invalid directive: \(line.prefix(Self.shownLength))")
            }
            guard let option = Self.options[name] else { throw Self.refusal(line) }
            if option.takesValue, value == nil { value = words.popFirst() }
            guard option.takesValue == (value != nil) else { throw APIError(.badRequest, "Invalid directive: \(line.prefix(Self.shownLength))") }
            directives.append(Directive(name: name, value: value ?? "", line: line.prefix(Self.shownLength)))
        }
    }

    /// Words stand between blanks; quotes and backslashes keep blanks in a word, `#` ends the line.
    private static func words(_ text: Substring, of line: Substring) throws -> [String] {
        var words: [String] = []
        var word = ""
        // An empty one is one, too, if it is quoted.
        var isInWord = false
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word.append(character)
                isInWord = true
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                isInWord = true
            } else if character.isWhitespace {
                if isInWord { words.append(word) }
                word = ""
                isInWord = false
            } else if character == "#", !isInWord {
                break
            } else {
                word.append(character)
                isInWord = true
            }
        }
        guard quote == nil, !isEscaped else { throw APIError(.badRequest, "Invalid directive, a quote is not closed: \(line.prefix(shownLength))") }
        if isInWord { words.append(word) }
        return words
    }

    private static func refusal(_ line: Substring) -> APIError {
        APIError(.notImplemented, "slurmrestd has nothing for this directive; leave it out, or set the system's connection_mode to ssh or hybrid: \(line.prefix(shownLength))")
    }

    // MARK: - Fields

    /// What an option becomes.
    private enum Option {
        case text(String)
        case number(String)
        case minutes(String)
        case mebibytes(String)
        case flag(String, Bool)
        case beginTime, genericResources, mailTypes, environment
        /// The request's own field wins always, or the option is about what `sbatch` prints.
        case valueWithoutEffect, flagWithoutEffect

        var takesValue: Bool {
            switch self {
            case .flag, .flagWithoutEffect: false
            default: true
            }
        }
    }

    private static let options: [String: Option] = [
        "job-name": .text("name"), "account": .text("account"), "partition": .text("partition"), "qos": .text("qos"),
        "reservation": .text("reservation"), "constraint": .text("constraints"), "input": .text("standard_input"), "output": .text("standard_output"),
        "error": .text("standard_error"), "array": .text("array"), "dependency": .text("dependency"), "comment": .text("comment"),
        "licenses": .text("licenses"), "wckey": .text("wckey"), "nodes": .text("nodes"), "mail-user": .text("mail_user"),
        "ntasks": .number("tasks"), "cpus-per-task": .number("cpus_per_task"), "ntasks-per-node": .number("tasks_per_node"), "nice": .number("nice"),
        "time": .minutes("time_limit"), "time-min": .minutes("time_minimum"), "mem": .mebibytes("memory_per_node"), "mem-per-cpu": .mebibytes("memory_per_cpu"),
        "hold": .flag("hold", true), "requeue": .flag("requeue", true), "no-requeue": .flag("requeue", false),
        "begin": .beginTime, "gres": .genericResources, "mail-type": .mailTypes, "export": .environment,
        "chdir": .valueWithoutEffect, "parsable": .flagWithoutEffect, "quiet": .flagWithoutEffect, "verbose": .flagWithoutEffect,
    ]

    private static let letters: [Character: String] = [
        "J": "job-name", "A": "account", "p": "partition", "q": "qos", "C": "constraint", "i": "input", "o": "output", "e": "error", "a": "array",
        "d": "dependency", "L": "licenses", "N": "nodes", "n": "ntasks", "c": "cpus-per-task", "t": "time", "H": "hold", "b": "begin", "D": "chdir",
        "Q": "quiet", "v": "verbose",
    ]

    /// - Throws: ``APIError`` with status 400 for a value that is none, 501 for one that slurmrestd cannot be told.
    func fields(for version: SlurmRESTVersion) throws -> [String: JSONValue] {
        try directives.reduce(into: [:]) { fields, directive in
            guard let option = Self.options[directive.name] else { return }
            guard let value = try Self.field(option, directive, version) else { return }
            fields[value.name] = value.value
        }
    }

    private static func field(_ option: Option, _ directive: Directive, _ version: SlurmRESTVersion) throws -> (name: String, value: JSONValue)? {
        let text = directive.value
        switch option {
        case .text(let field): return (field, .string(text))
        case .flag(let field, let value): return (field, .bool(value))
        case .number(let field): return (field, .integer(try required(Int64(text), directive)))
        case .minutes(let field): return (field, version.number(try required(SlurmOptionValue.minutes(text), directive)))
        case .mebibytes(let field): return (field, version.number(.some(try required(SlurmOptionValue.mebibytes(text), directive))))
        case .genericResources: return version.genericResources(text)
        case .mailTypes: return ("mail_type", try required(version.mailTypes(text), directive))
        case .beginTime:
            guard let delay = SlurmOptionValue.delay(text) else {
                throw APIError(.notImplemented, "slurmrestd cannot be told a time of the system's clock; write now+COUNT and a unit: \(directive.line)")
            }
            return ("begin_time", version.beginTime(Int(Date().timeIntervalSince1970) + delay))
        case .environment:
            // The job gets the request's environment and no other, so these two say the same.
            guard ["ALL", "NONE"].contains(text.uppercased()) else { throw refusal(directive.line) }
            return nil
        case .valueWithoutEffect, .flagWithoutEffect: return nil
        }
    }

    private static func required<Value>(_ value: Value?, _ directive: Directive) throws -> Value {
        guard let value else { throw invalid(directive) }
        return value
    }

    private static func invalid(_ directive: Directive) -> APIError {
        APIError(.badRequest, "Invalid --\(directive.name) specification: \(directive.line)")
    }
}
