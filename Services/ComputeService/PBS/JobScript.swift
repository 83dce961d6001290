import GoldcrestProtocol
import GoldcrestShell
import HTTPTypes

/// A job's script as OpenPBS is given it, so that it runs where it should.
///
/// OpenPBS starts every job in its user's home directory (or, with `-W sandbox=PRIVATE`, in one that it makes), and with an empty standard input; no option
/// changes that. So a script for a shell gets a line more: behind its `#!` and `#PBS` lines, in front of the first command. A script for
/// another interpreter stays as it is, finds its directory in `PBS_O_WORKDIR`, and cannot have a standard input.
struct JobScript: Sendable, Equatable {
    let text: String

    /// - Throws: ``APIError`` with status 501 if it cannot have the standard input that it should.
    init(_ script: String, workingDirectory: AbsolutePath, standardInput: String?) throws {
        let interpreter = Self.interpreter(of: script)
        guard standardInput == nil || Self.shells.contains(interpreter) else { throw Self.withoutStandardInput }
        guard Self.shells.contains(interpreter) || Self.cShells.contains(interpreter) else {
            text = script
            return
        }
        var line = "\(try RemoteCommand("cd", workingDirectory.string).shellText()) || exit 1"
        if let standardInput {
            // A path as one word is what a command without arguments is.
            line += "; exec <\(try RemoteCommand(standardInput).shellText()) || exit 1"
        }
        text = Self.inserting(line, into: script)
    }

    static let withoutStandardInput = APIError(
        .notImplemented, "OpenPBS gives jobs no standard input; only a shell's script that is sent with the request can have one. Let the script read the file itself")

    /// The program that runs a script; without `#!` that is the user's login shell, called `sh` here.
    private static func interpreter(of script: String) -> String {
        guard script.hasPrefix("#!") else { return "sh" }
        let words = script.prefix { !$0.isNewline }.dropFirst(2).split { $0 == " " || $0 == "\t" }
        var programs = words.map { $0.split(separator: "/").last ?? "" }[...]
        if programs.first == "env" {
            programs = programs.dropFirst().drop { $0.hasPrefix("-") || $0.contains("=") }
        }
        return programs.first.map(String.init) ?? "sh"
    }

    private static let shells: Set<String> = ["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh"]
    /// They know `cd` and `||`, but cannot redirect what they have opened.
    private static let cShells: Set<String> = ["csh", "tcsh"]

    /// Puts a line where qsub ceases to look for directives: in front of the first line that is neither blank nor a comment. A line that ends
    /// in a backslash takes the next one along.
    private static func inserting(_ line: String, into script: String) -> String {
        var position = script.startIndex
        var isContinued = false
        while position < script.endIndex {
            let end = script[position...].firstIndex(where: \.isNewline) ?? script.endIndex
            let content = script[position..<end].drop { $0 == " " || $0 == "\t" }
            guard isContinued || content.isEmpty || content.hasPrefix("#") else { break }
            isContinued = content.hasPrefix("#") && content.hasSuffix("\\")
            position = end == script.endIndex ? end : script.index(after: end)
        }
        let head = script[..<position]
        let separator = head.last.map(\.isNewline) ?? true ? "" : "\n"
        return "\(head)\(separator)\(line)\n\(script[position...])"
    }
}
