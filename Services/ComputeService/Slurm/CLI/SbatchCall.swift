import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import NIOCore

/// A call of `sbatch`: its command line and its standard input.
///
/// A job gets the environment of sbatch itself (`--export=ALL`), since `--export=NAME=value` cuts values at commas.
struct SbatchCall: Sendable, Equatable {
    let command: RemoteCommand
    let input: ByteBuffer

    init(_ job: JobSubmission) {
        let call = SubmissionCommand("sbatch", arguments: Self.arguments(job), variables: job.environment)
        var input = call.input
        if case .text(let script) = job.script { input.writeString(script) }
        command = call.command
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
