import FoundationEssentials
import GoldcrestProtocol
import HTTPTypes
import NIOCore

/// A job as slurmrestd is told of it.
struct RESTJobDescription {
    /// What the name of a job is to which nobody gave one; `sbatch` calls so what it reads from standard input.
    private static let defaultName = "sbatch"
    /// slurmrestd takes no job without environment, and a job without a path does not find its own programs.
    private static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

    private(set) var fields: [String: JSONValue]
    private let script: String

    /// The script's `#SBATCH` lines, which slurmrestd does not read, become fields; those of the request win.
    ///
    /// - Throws: ``APIError`` with status 400 for a script or directive that is none, 501 for what slurmrestd cannot do.
    init(_ job: JobSubmission, version: SlurmRESTVersion) throws {
        guard case .text(let script) = job.script else {
            throw APIError(
                .notImplemented, "slurmrestd cannot read a script from the system; send its text as `script`, or set the system's connection_mode to ssh or hybrid")
        }
        try Self.check(script)
        self.script = script
        fields = try ScriptDirectives(script).fields(for: version)
        let texts: [(field: String, value: String?)] = [
            ("name", job.name), ("account", job.account), ("partition", job.partition), ("reservation", job.reservation),
            ("constraints", job.constraints), ("standard_input", job.standardInput), ("standard_output", job.standardOutput),
            ("standard_error", job.standardError), ("current_working_directory", job.workingDirectory.string),
        ]
        for text in texts {
            if let value = text.value, !value.isEmpty { fields[text.field] = .string(value) }
        }
        fields["name"] = fields["name"] ?? .string(Self.defaultName)
        let environment = ["PATH": Self.defaultPath].merging(job.environment) { $1 }
        fields["environment"] =
            version.listsEnvironment
            ? .array(environment.sorted { $0.key < $1.key }.map { .string("\($0.key)=\($0.value)") })
            : .object(environment.mapValues { .string($0) })
    }

    /// The controller takes any text; `sbatch` refuses what cannot run, in these words.
    private static func check(_ script: String) throws {
        guard script.hasPrefix("#!") else {
            throw APIError(
                .badRequest,
                "This does not look like a batch script. The first line must start with #! followed by the path to an interpreter. For instance: #!/bin/sh")
        }
        guard !script.utf8.contains(UInt8(ascii: "\r")) || !script.contains("\r\n") else {
            throw APIError(.badRequest, #"Batch script contains DOS line breaks (\r\n) instead of expected UNIX line breaks (\n)."#)
        }
    }

    /// The body of `POST /slurm/…/job/submit`.
    func body(_ version: SlurmRESTVersion) throws -> ByteBuffer {
        var fields = fields
        var request: [String: JSONValue] = [:]
        if version.putsScriptIntoJob { fields["script"] = .string(script) } else { request["script"] = .string(script) }
        request["job"] = .object(fields)
        return ByteBuffer(bytes: try JSONEncoder().encode(JSONValue.object(request)))
    }
}
