import GoldcrestProtocol
import NIOCore

/// What `sacct` prints: a row for each job, and behind it one for each of its steps.
enum SacctOutput {
    static let fields = [
        "JobID", "AllocNodes", "Cluster", "ExitCode", "Group", "Account", "JobName", "NodeList", "Partition", "Priority", "State", "Reason",
        "ElapsedRaw", "Submit", "Start", "End", "Suspended", "TimelimitRaw", "User", "WorkDir",
    ]

    static func jobs(_ output: ByteBuffer, separator: FieldSeparator) -> [JobModel] {
        var jobs: [JobModel] = []
        SlurmTable(fieldCount: fields.count, separator: separator).forEachRow(in: output) { row in
            let id = row[0]
            guard let dot = id.utf8.firstIndex(of: UInt8(ascii: ".")) else { return jobs.append(job(id, row)) }
            // Steps stand right behind their job.
            guard let last = jobs.indices.last, jobs[last].jobId.utf8.elementsEqual(id.utf8[..<dot]) else { return }
            jobs[last].tasks?.append(JobTask(id: id, name: row[6], status: status(row), time: time(row)))
        }
        return jobs
    }

    // The fields of a row are in the order of `fields`.

    private static func job(_ id: String, _ row: SlurmTable.Row) -> JobModel {
        JobModel(
            jobId: id, name: row[6], status: status(row), tasks: [], time: time(row), account: row.text(5),
            allocationNodes: row.integer(1) ?? 0, cluster: row[2], group: row.text(4), nodes: row.text(7) ?? "None assigned", partition: row[8],
            killRequestUser: nil, user: row.text(18), workingDirectory: row[19], priority: row.integer(9))
    }

    private static func status(_ row: SlurmTable.Row) -> JobStatus {
        let state = SlurmState(row[10])
        let exit = state.isFinal ? row[3].split(separator: ":").map { Int($0) } : []
        let signal = exit.count == 2 ? exit[1] : nil
        return JobStatus(
            state: state.base, stateReason: state.reason(row.text(11)), exitCode: exit.count == 2 ? exit[0] : nil,
            interruptSignal: signal == 0 ? nil : signal)
    }

    private static func time(_ row: SlurmTable.Row) -> JobTime {
        JobTime(
            elapsed: row.integer(12), submitTime: row.integer(13), start: row.integer(14), end: row.integer(15),
            suspended: SlurmTime.duration(row[16]), limit: SlurmTime.seconds(minutes: row.integer(17)))
    }

    /// The script that `sacct --batch-script` prints below a title and a line of dashes; `nil` if accounting has none.
    static func batchScript(_ output: ByteBuffer) -> String? {
        let text = String(buffer: output)
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasPrefix("Batch Script for "), lines[1].allSatisfy({ $0 == "-" }), lines[2] != "NONE\n" else {
            return nil
        }
        return String(lines[2])
    }
}
