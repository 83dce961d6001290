extension RemoteCommand {
    /// The command as text for a POSIX shell.
    ///
    /// - Throws: ``InvalidCommand`` if there is no such text: an argument has a NUL in it, or a variable's name is none.
    public func shellText() throws -> String {
        let assignments = try variables.map { try assignment($0) + " " }.joined()
        guard let limit else {
            return assignments.isEmpty ? try body() : assignments + (try wrappedBody())
        }
        return "\(assignments)timeout -k 1 \(Self.seconds(limit)) \(try wrappedBody())"
    }

    /// The command without its environment and limit.
    private func body() throws -> String {
        switch form {
        case .program(let words):
            guard let program = words.first, !program.isEmpty else { throw InvalidCommand("The command has no name.") }
            // A bare `a=b` in front would be an assignment, not a program.
            let name = program.contains("=") ? Self.quoted(program, evenIfSafe: true) : try quote(program)
            return try ([name] + words.dropFirst().map(quote)).joined(separator: " ")
        case .sequence(let commands, let marker):
            let report = "printf '\\n%s %d\\n' \(try quote(marker)) \"$?\""
            return try commands.map { "\(try $0.shellText()); \(report)" }.joined(separator: "; ")
        case .conjunction(let commands):
            return try commands.map { try $0.groupedText() }.joined(separator: " && ")
        case .pipeline(let commands):
            return try commands.map { try $0.groupedText() }.joined(separator: " | ")
        case .inDirectory(let path, let command):
            // CDPATH would make `cd` search elsewhere and print; `./` keeps a leading dash a name.
            let directory = path.hasPrefix("/") ? path : "./\(path)"
            return "cd \(try quote(directory)) && \(try command.groupedText())"
        }
    }

    /// The body as arguments for another program such as `timeout`: what is more than one program becomes a shell's.
    private func wrappedBody() throws -> String {
        if case .program = form { return try body() }
        return "sh -c \(try quote(try body()))"
    }

    private func groupedText() throws -> String {
        if case .program = form { return try shellText() }
        return "{ \(try shellText()); }"
    }

    private func assignment(_ variable: Variable) throws -> String {
        guard Self.isName(variable.name) else {
            throw InvalidCommand("\"\(variable.name)\" cannot be the name of an environment variable: use letters, digits and _.")
        }
        return "\(variable.name)=\(try quote(variable.value, allowsEmpty: true))"
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    private func quote(_ word: String) throws -> String {
        try quote(word, allowsEmpty: false)
    }

    private func quote(_ word: String, allowsEmpty: Bool) throws -> String {
        guard !word.utf8.contains(0) else {
            throw InvalidCommand("An argument of the command has a NUL character in it, which no program can be given.")
        }
        if word.isEmpty { return allowsEmpty ? "" : "''" }
        return Self.quoted(word, evenIfSafe: false)
    }

    /// In single quotes nothing is special but the single quote, POSIX.1 XCU 2.2.2; it goes outside, behind a backslash.
    private static func quoted(_ word: String, evenIfSafe: Bool) -> String {
        if !evenIfSafe && word.utf8.allSatisfy(isSafe) { return word }
        var text = "'"
        text.unicodeScalars.reserveCapacity(word.utf8.count + 2)
        for scalar in word.unicodeScalars {
            if scalar == "'" {
                text.unicodeScalars.append(contentsOf: "'\\''".unicodeScalars)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "'"
    }

    /// Whether a byte has no meaning to a shell anywhere in a word. `~` and `=` are not among them: both can mean something.
    private static func isSafe(_ byte: UInt8) -> Bool {
        if isAlphanumeric(byte) { return true }
        return switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: ":"),
            UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    /// Seconds as `timeout` takes them; never 0, which would mean no limit.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds <= 0 { return seconds > 0 ? "\(seconds)" : "0.001" }
        let digits = String(milliseconds)
        return "\(seconds).\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }
}
