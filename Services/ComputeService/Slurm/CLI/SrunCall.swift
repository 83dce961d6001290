import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// A call of `srun` that starts a command beside a running job and leaves it to itself.
///
/// The command has started when its first task says so, with a marker on its standard output. It is watched for one second more, so
/// that one which fails at once is a failure with its words; a command that lives longer is on its own, and so is what becomes of it. Its
/// standard output and input are `/dev/null`; standard error is read to the end, for nothing must break when it is written to.
/// If nothing has started when the time of the call is up, srun is ended, so that nothing starts later.
struct SrunCall: Sendable {
    let command: RemoteCommand
    private let marker: String

    /// How long a started command is watched, in seconds.
    private static let watch = 1

    /// What runs on each node of the job. Arguments: the marker, the command.
    private static let task = #"echo "$1"; exec bash -c "$2" >/dev/null"#

    /// What runs on the login node. Arguments: the marker, the seconds to watch, those of srun.
    ///
    /// srun holds none of the caller's descriptors, which would keep its channel open, and ignores the hang-up at its end. What it and the
    /// command say comes through a pipe, in the end with the marker and the exit status; whoever does not wait for that leaves a reader behind.
    private static let wrapper = #"""
        marker=$1 watch=$2; shift 2
        trap '' HUP
        exec 3< <(exec </dev/null 2>&1; srun "$@"; echo "$marker $?")
        said=
        while IFS= read -r line <&3; do
            if [ "$line" = "$marker" ]; then
                echo "$marker"
                IFS= read -r -d '' -t "$watch" line <&3
                if [ $? -ne 1 ]; then
                    cat <&3 >/dev/null 2>&1 &
                    exit 0
                fi
                line=${line//"$marker"$'\n'/}
            fi
            said+=$line$'\n'
        done
        status=${said##*"$marker "}
        printf %s "${said%"$marker "*}" >&2
        exit "${status%%[!0-9]*}"
        """#

    /// - Parameters:
    ///   - line: What `bash -c` is given on the job's nodes, one argument whatever is in it.
    ///   - patience: How long srun may wait for the job's resources, which other steps may hold.
    init(_ line: String, beside job: ScontrolJob, patience: Duration, marker: String = OutputMarker.random()) {
        self.marker = marker
        var arguments = ["--overlap", "--quiet", "--input=none", "--immediate=\(max(2, patience.components.seconds))"]
        if let component = job.component {
            arguments += ["--jobid=\(component.leader)", "--het-group=\(component.offset)"]
        } else {
            arguments.append("--jobid=\(job.number)")
        }
        arguments += ["bash", "-c", Self.task, "bash", marker, line]
        command = RemoteCommand("bash", arguments: ["--norc", "-c", Self.wrapper, "srun", marker, "\(Self.watch)"] + arguments)
            .environment("LC_ALL", "C")
    }

    /// What is wrong when the call did not succeed: srun started nothing, or the command failed at once, which is a matter of whoever wrote it.
    func failure(_ result: RemoteResult) -> any Error {
        guard String(buffer: result.standardOutput).contains(marker) else { return SlurmRefusal(result) }
        return APIError(.badRequest, RemoteCommandFailure(result).message)
    }
}
