extension RemoteCommand {
    /// The command for a POSIX shell. Bytes, not text, as the names in it may be any bytes.
    ///
    /// - Throws: ``InvalidCommand`` if no shell text can say it: an argument has a NUL in it, or a variable's name is none.
    public func shellBytes() throws -> [UInt8] {
        try shellForm().bytes
    }

    /// The command for a POSIX shell that first of all says its own process number, in a line on standard error behind `word`. A single program
    /// takes the shell's place.
    public func shellBytes(announcedBy word: String) throws -> [UInt8] {
        ("echo \(try ShellText(quoting: Array(word.utf8))) $$ >&2; \(try shellForm(replacingShell: true))" as ShellText).bytes
    }

    private var isProgram: Bool {
        if case .program = form { true } else { false }
    }

    /// The command as text for a POSIX shell.
    ///
    /// - Throws: ``InvalidCommand`` if there is no such text: an argument has a NUL in it or is not UTF-8, or a variable's name is none.
    public func shellText() throws -> String {
        guard let text = String(validating: try shellBytes(), as: UTF8.self) else {
            throw InvalidCommand("An argument of the command is not UTF-8, which is needed where the command is part of a text.")
        }
        return text
    }

    /// - Parameter replacingShell: Whether a single program takes the place of the shell that starts it.
    private func shellForm(replacingShell: Bool = false) throws -> ShellText {
        guard isProgram || limit != nil || !variables.isEmpty else { return try body() }
        let assignments = try variables.map { "\(try assignment($0)) " as ShellText }.joined(separator: "")
        let start = (replacingShell ? "exec " : "") + (limit.map { "timeout -k 1 \(Self.seconds($0)) " } ?? "")
        return "\(assignments)\(start)\(try wrappedBody())"
    }

    /// The command without its environment and limit.
    private func body() throws -> ShellText {
        switch form {
        case .program(let words):
            guard let program = words.first, !program.isEmpty else { throw InvalidCommand("The command has no name.") }
            // A bare `a=b` in front would be an assignment, not a program.
            let name = program.contains(UInt8(ascii: "=")) ? try ShellText(quoting: program, evenIfSafe: true) : try ShellText(quoting: program)
            return try ([name] + words.dropFirst().map { try ShellText(quoting: $0) }).joined(separator: " ")
        case .sequence(let commands, let marker):
            let report: ShellText = "printf '\\n%s %d\\n' \(try ShellText(quoting: Array(marker.utf8))) \"$?\""
            return try commands.map { "\(try $0.shellForm()); \(report)" as ShellText }.joined(separator: "; ")
        case .conjunction(let commands):
            return try commands.map { try $0.groupedForm() }.joined(separator: " && ")
        case .pipeline(let commands):
            return try commands.map { try $0.groupedForm() }.joined(separator: " | ")
        case .inDirectory(let path, let command):
            // CDPATH would make `cd` search elsewhere and print; `./` keeps a leading dash a name.
            let directory = path.first == UInt8(ascii: "/") ? path : Array("./".utf8) + path
            return "cd \(try ShellText(quoting: directory)) && \(try command.groupedForm())"
        }
    }

    /// The body as arguments for another program such as `timeout`: what is more than one program becomes a shell's.
    private func wrappedBody() throws -> ShellText {
        if isProgram { return try body() }
        return "sh -c \(try ShellText(quoting: try body().bytes))"
    }

    private func groupedForm() throws -> ShellText {
        if isProgram { return try shellForm() }
        return "{ \(try shellForm()); }"
    }

    private func assignment(_ variable: Variable) throws -> ShellText {
        guard Self.isName(variable.name) else {
            throw InvalidCommand("\"\(variable.name)\" cannot be the name of an environment variable: use letters, digits and _.")
        }
        return variable.value.isEmpty ? "\(variable.name)=" : "\(variable.name)=\(try ShellText(quoting: Array(variable.value.utf8)))"
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy { ShellText.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
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
