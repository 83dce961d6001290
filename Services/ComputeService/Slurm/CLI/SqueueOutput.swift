package import GoldcrestProtocol
package import NIOCore

/// What `squeue` prints: a row for each job, array tasks that still wait together in one.
package enum SqueueOutput {
    package static let fields = [
        "JobArrayID", "NumNodes", "Cluster", "GroupName", "Account", "Name", "NodeList", "Partition", "PriorityLong", "State", "Reason",
        "TimeUsed", "SubmitTime", "StartTime", "EndTime", "TimeLimit", "UserName", "WorkDir",
        "exit_code",
    ]

    package static func jobs(_ output: ByteBuffer, separator: FieldSeparator) -> [JobModel] {
        var jobs: [JobModel] = []
        SlurmTable(fieldCount: fields.count, separator: separator).forEachRow(in: output) { jobs.append(job($0)) }
        return jobs
    }

    /// - Parameter row: Its fields are in the order of ``fields``.
    private static func job(_ row: SlurmTable.Row) -> JobModel {
        let state = SlurmState(utf8: row.bytes(9))
        let isPending = state.base == "PENDING"
        let exit = state.isFinal ? WaitStatus(row[18], after: state) : nil
        return JobModel(
            jobId: row[0], name: row[5],
            status: JobStatus(state: state.base, stateReason: state.reason(row.text(10)), exitCode: exit?.code, interruptSignal: exit?.signal),
            tasks: [],
            time: JobTime(
                elapsed: SlurmTime.duration(row.bytes(11)), submitTime: row.integer(12), start: row.integer(13),
                // Until a job ends this is a guess of the scheduler, made from its limit.
                end: state.isFinal ? row.integer(14) : nil, suspended: nil, limit: SlurmTime.duration(row.bytes(15))),
            account: row.text(4), allocationNodes: isPending ? 0 : row.integer(1) ?? 0, cluster: row[2], group: row.text(3),
            nodes: row.text(6) ?? "None assigned", partition: row[7], killRequestUser: nil, user: row.text(16),
            workingDirectory: row[17], priority: row.integer(8))
    }
}

/// How a job's script ended.
private struct WaitStatus {
    let code: Int
    /// `nil` if no signal ended it.
    let signal: Int?

    /// - Parameter text: `code:signal`; before Slurm 23.11 the number that wait(2) tells.
    /// - Returns: `nil` unless the job ended by itself; for others accounting keeps 0 instead.
    init?(_ text: String, after state: SlurmState) {
        guard ["COMPLETED", "FAILED"].contains(state.base) else { return nil }
        let parts = text.split(separator: ":").compactMap { UInt16($0) }
        let number: UInt16
        switch parts.count {
        case 1:
            code = Int(parts[0] >> 8)
            number = parts[0] & 0x7F
        case 2:
            code = Int(parts[0])
            number = parts[1]
        default: return nil
        }
        signal = number == 0 ? nil : Int(number)
    }
}
