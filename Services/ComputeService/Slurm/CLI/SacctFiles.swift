import GoldcrestProtocol
import NIOCore

/// What `sacct` prints of a job's files, which accounting keeps since Slurm 24.05 as they were given: with symbols, possibly relative.
enum SacctFiles {
    /// Those that every version knows.
    static let jobFields = ["JobID", "JobIDRaw", "JobName", "User", "WorkDir", "NodeList"]
    static let fields = jobFields + ["StdIn", "StdOut", "StdErr"]

    /// - Parameter hasPaths: Whether the rows have ``fields``, or ``jobFields`` only.
    static func metadata(_ output: ByteBuffer, separator: FieldSeparator, hasPaths: Bool) -> [JobMetadata] {
        var jobs: [JobMetadata] = []
        SlurmTable(fieldCount: (hasPaths ? fields : jobFields).count, separator: separator).forEachRow(in: output) { row in
            var job = JobMetadata(jobId: row[0], script: nil, standardInput: nil, standardOutput: nil, standardError: nil)
            if hasPaths {
                let pattern = pattern(row)
                func path(_ index: Int) -> String? { row.text(index).map { pattern.path($0, in: row[4]) } }
                job.standardInput = path(6)
                job.standardOutput = path(7)
                // None of its own means the file of standard output: sbatch(1), `--error`.
                job.standardError = path(8) ?? job.standardOutput
            }
            jobs.append(job)
        }
        return jobs
    }

    private static func pattern(_ row: SlurmTable.Row) -> SlurmFilePattern {
        let id = row[0]
        let parts = id.split(separator: "_", maxSplits: 1)
        let task = parts.count == 2 ? parts[1] : nil
        return SlurmFilePattern(
            job: row[1], array: task == nil ? row[1] : parts.first.map { String($0) } ?? row[1],
            task: task.map { $0.hasPrefix("[") ? nil : String($0) } ?? SlurmFilePattern.noTask, name: row[2], user: row[3],
            node: SlurmFilePattern.firstNode(of: row[5]))
    }
}
