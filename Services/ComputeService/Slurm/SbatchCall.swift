import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import NIOCore

/// A call of `sbatch`: its command line and its standard input.
///
/// A job gets the environment of sbatch itself (`--export=ALL`), since `--export=NAME=value` cuts values at commas. The variables come in on
/// standard input, in front of the script, each behind it a NUL, and an empty one at their end: there they need no quoting, and other users of the login node, who can list the
/// arguments of every process, don't see the secrets among them.
struct SbatchCall: Sendable, Equatable {
    let command: RemoteCommand
    let input: ByteBuffer

    /// Bash reads a pipe byte by byte here, so that sbatch finds the script where the variables end. sbatch is looked up first, for `PATH` may be among them.
    private static let wrapper = """
        sbatch=$(type -P sbatch) || { echo "sbatch: command not found" >&2; exit 127; }
        while IFS= read -r -d '' goldcrest_variable && [ -n "$goldcrest_variable" ]; do export "$goldcrest_variable"; done
        unset goldcrest_variable
        exec "$sbatch" "$@"
        """

    init(_ job: JobSubmission) {
        let arguments = Self.arguments(job)
        var input = ByteBuffer()
        if job.environment.isEmpty {
            command = RemoteCommand("sbatch", arguments: arguments)
        } else {
            command = RemoteCommand("bash", arguments: ["--norc", "-c", Self.wrapper, "sbatch"] + arguments)
            for (name, value) in job.environment.sorted(by: { $0.key < $1.key }) { input.writeString("\(name)=\(value)\0") }
            input.writeString("\0")
        }
        if case .text(let script) = job.script { input.writeString(script) }
        self.input = input
    }

    private static func arguments(_ job: JobSubmission) -> [String] {
        let options: [(name: String, value: String?)] = [
            ("job-name", job.name), ("account", job.account), ("partition", job.partition), ("reservation", job.reservation),
            ("constraint", job.constraints), ("input", job.standardInput), ("output", job.standardOutput), ("error", job.standardError),
        ]
        var arguments = ["--parsable", "--export=ALL", "--chdir=\(job.workingDirectory)"]
        for option in options {
            if let value = option.value, !value.isEmpty { arguments.append("--\(option.name)=\(value)") }
        }
        if case .file(let path) = job.script { arguments.append(path.string) }
        return arguments
    }

    /// The new job's id in what `--parsable` prints: the id, and behind a semicolon the cluster's name where there are several.
    static func jobID(in output: ByteBuffer) -> String? {
        let lines = String(buffer: output).split(separator: "\n")
        guard let id = lines.last?.prefix(while: { $0.isASCII && $0.isNumber }), !id.isEmpty else { return nil }
        return String(id)
    }
}
