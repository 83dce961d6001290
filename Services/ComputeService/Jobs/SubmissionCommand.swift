import GoldcrestShell
import NIOCore

/// A program that submits a job, called with variables in its environment for the job to get.
///
/// The variables come in on standard input, in front of the script, each behind it a NUL, and an empty one at their end: there they need no
/// quoting, and other users of the login node, who can list the arguments of every process, don't see the secrets among them.
struct SubmissionCommand: Sendable, Equatable {
    let command: RemoteCommand
    /// What goes to standard input in front of the script.
    let input: ByteBuffer

    /// Bash reads a pipe byte by byte here, so that the program finds the script where the variables end. The program is looked up first, for
    /// `PATH` may be among them.
    private static let wrapper = """
        goldcrest_program=$(type -P "$0") || { echo "$0: command not found" >&2; exit 127; }
        while IFS= read -r -d '' goldcrest_variable && [ -n "$goldcrest_variable" ]; do export "$goldcrest_variable"; done
        unset goldcrest_variable
        exec "$goldcrest_program" "$@"
        """

    init(_ program: String, arguments: [String], variables: [String: String]) {
        var input = ByteBuffer()
        if variables.isEmpty {
            command = RemoteCommand(program, arguments: arguments)
        } else {
            command = RemoteCommand("bash", arguments: ["--norc", "-c", Self.wrapper, program] + arguments)
            for (name, value) in variables.sorted(by: { $0.key < $1.key }) { input.writeString("\(name)=\(value)\0") }
            input.writeString("\0")
        }
        self.input = input
    }
}
