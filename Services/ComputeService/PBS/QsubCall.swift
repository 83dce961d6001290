import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import NIOCore

/// A call of `qsub` (qsub(1B)): its command line and its standard input.
///
/// `-v` has the names of the job's variables only, and qsub takes their values from its own environment: `-v A=1,2` would be two variables.
///
/// qsub runs in the working directory: it becomes `PBS_O_WORKDIR`, and what relative paths of output files are relative to. How the job itself gets there says
/// ``JobScript``; a script that is a file on the system runs as it is there, its `#PBS` lines included, and from the home directory.
///
/// A job's account is its project (`-P`), its constraints are a list of resources (`-l`): `select=2:ncpus=4,walltime=1:00:00`.
struct QsubCall: Sendable, Equatable {
    let command: RemoteCommand
    let input: ByteBuffer

    /// - Throws: ``APIError`` for what OpenPBS cannot do.
    init(_ job: JobSubmission) throws {
        let variables = Self.variables(job)
        let call = SubmissionCommand("qsub", arguments: try Self.arguments(job, variables: variables.keys.sorted()), variables: variables)
        var input = call.input
        switch job.script {
        case .text(let script):
            let script = try JobScript(script, workingDirectory: job.workingDirectory, standardInput: Self.nonEmpty(job.standardInput))
            input.writeString(script.text)
        case .file:
            guard Self.nonEmpty(job.standardInput) == nil else { throw JobScript.withoutStandardInput }
        }
        command = call.command.inDirectory(job.workingDirectory.string)
        self.input = input
    }

    /// What every job gets that asks for nothing is left out: `-v` on the command line takes the place of that in the script.
    private static func variables(_ job: JobSubmission) -> [String: String] {
        job.environment.keys.elementsEqual(["F7T_version"]) ? [:] : job.environment
    }

    private static func arguments(_ job: JobSubmission, variables: [String]) throws -> [String] {
        let output = nonEmpty(job.standardOutput)
        let error = nonEmpty(job.standardError)
        let options: [(name: String, value: String?)] = [
            ("-N", job.name), ("-P", job.account), ("-q", try queue(job)), ("-l", job.constraints), ("-o", output),
            // Two files of one name would overwrite each other when the job ends.
            output != nil && output == error ? ("-j", "oe") : ("-e", error),
            ("-v", variables.joined(separator: ",")),
        ]
        // No process stays behind to be faster next time: it would keep the environment.
        var arguments = ["-f"]
        for option in options {
            if let value = nonEmpty(option.value) { arguments += [option.name, value] }
        }
        if case .file(let path) = job.script { arguments.append(path.string) }
        return arguments
    }

    /// The queue; a reservation has one of its own.
    private static func queue(_ job: JobSubmission) throws -> String? {
        guard let reservation = nonEmpty(job.reservation) else { return job.partition }
        let queue = PBSReservation.queue(of: reservation)
        guard let partition = nonEmpty(job.partition), partition != queue else { return queue }
        throw APIError(
            .badRequest, "A reservation of OpenPBS is a queue of its own, and a job has one queue: give either the partition \(partition) or the reservation \(reservation)")
    }

    private static func nonEmpty(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    /// The new job's id in what qsub prints, the last line: `7.pbs01`, `8[].pbs01`.
    static func jobID(in output: ByteBuffer) -> String? {
        guard let line = String(buffer: output).split(whereSeparator: \.isNewline).last, (try? JobID(String(line))) != nil else { return nil }
        return PBSJobName.short(String(line), on: nil)
    }
}
