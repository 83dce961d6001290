extension RemoteCommand {
    /// The command for a POSIX shell. Bytes, not text, as the names in it may be any bytes.
    ///
    /// - Throws: ``InvalidCommand`` if no shell text can say it: an argument has a NUL in it, or a variable's name is none.
    public func shellBytes() throws -> [UInt8] {
        try shellForm().bytes
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

    private func shellForm() throws -> ShellText {
        let assignments = try variables.map { "\(try assignment($0)) " as ShellText }.joined(separator: "")
        guard let limit else {
            return assignments.bytes.isEmpty ? try body() : "\(assignments)\(try wrappedBody())"
        }
        return "\(assignments)timeout -k 1 \(Self.seconds(limit)) \(try wrappedBody())"
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
        if case .program = form { return try body() }
        return "sh -c \(try ShellText(quoting: try body().bytes))"
    }

    private func groupedForm() throws -> ShellText {
        if case .program = form { return try shellForm() }
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
