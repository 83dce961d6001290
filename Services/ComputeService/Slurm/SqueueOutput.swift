import GoldcrestProtocol
import NIOCore

/// What `squeue` prints: a row for each job, array tasks that still wait together in one.
enum SqueueOutput {
    static let fields = [
        "JobArrayID", "NumNodes", "Cluster", "GroupName", "Account", "Name", "NodeList", "Partition", "PriorityLong", "State", "Reason",
        "TimeUsed", "SubmitTime", "StartTime", "EndTime", "TimeLimit", "UserName", "WorkDir",
        "exit_code",
    ]

    static func jobs(_ output: ByteBuffer, separator: FieldSeparator) -> [JobModel] {
        var jobs: [JobModel] = []
        SlurmTable(fieldCount: fields.count, separator: separator).forEachRow(in: output) { jobs.append(job($0)) }
        return jobs
    }

    /// - Parameter row: Its fields are in the order of ``fields``.
    private static func job(_ row: SlurmTable.Row) -> JobModel {
        let state = SlurmState(row[9])
        let isPending = state.base == "PENDING"
        let exit = WaitStatus(row[18], after: state)
        return JobModel(
            jobId: row[0], name: row[5],
            status: JobStatus(state: state.base, stateReason: state.reason(row.text(10)), exitCode: exit?.code, interruptSignal: exit?.signal),
            tasks: [],
            time: JobTime(
                elapsed: SlurmTime.duration(row[11]), submitTime: row.integer(12), start: row.integer(13),
                // Until a job ends this is a guess of the scheduler, made from its limit.
                end: state.isFinal ? row.integer(14) : nil, suspended: nil, limit: SlurmTime.duration(row[15])),
            account: row.text(4), allocationNodes: isPending ? 0 : row.integer(1) ?? 0, cluster: row[2], group: row.text(3),
            nodes: row.text(6) ?? "None assigned", partition: row[7], killRequestUser: nil, user: row.text(16),
            workingDirectory: row[17], priority: row.integer(8))
    }
}

/// How a job's script ended, as wait(2) tells it.
private struct WaitStatus {
    let code: Int
    /// `nil` if no signal ended it.
    let signal: Int?

    /// - Returns: `nil` unless the job ended by itself; for others accounting keeps 0 instead.
    init?(_ text: String, after state: SlurmState) {
        guard ["COMPLETED", "FAILED"].contains(state.base), let status = UInt16(text) else { return nil }
        code = Int(status >> 8)
        signal = status & 0x7F == 0 ? nil : Int(status & 0x7F)
    }
}

