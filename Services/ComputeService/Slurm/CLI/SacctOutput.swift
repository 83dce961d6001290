package import GoldcrestProtocol
package import NIOCore

/// What `sacct` prints: a row for each job, and behind it one for each of its steps.
package enum SacctOutput {
    package static let fields = [
        "JobID", "AllocNodes", "Cluster", "ExitCode", "Group", "Account", "JobName", "NodeList", "Partition", "Priority", "State", "Reason",
        "ElapsedRaw", "Submit", "Start", "End", "Suspended", "TimelimitRaw", "User", "WorkDir", "UID",
    ]

    package static func jobs(_ output: ByteBuffer, separator: FieldSeparator) -> [JobModel] {
        var jobs: [JobModel] = []
        var steps: [JobTask] = []
        func finishJob() {
            guard !steps.isEmpty, let last = jobs.indices.last else { return }
            jobs[last].tasks = steps
            steps = []
        }
        SlurmTable(fieldCount: fields.count, separator: separator).forEachRow(in: output) { row in
            let id = row[0]
            guard let dot = id.utf8.firstIndex(of: UInt8(ascii: ".")) else {
                finishJob()
                return jobs.append(job(id, row))
            }
            // Steps stand right behind their job.
            guard let job = jobs.last?.jobId, job.utf8.elementsEqual(id.utf8[..<dot]) else { return }
            steps.append(JobTask(id: id, name: row[6], status: status(row, SlurmState(utf8: row.bytes(10))), time: time(row)))
        }
        finishJob()
        return jobs
    }

    // The fields of a row are in the order of `fields`.

    private static func job(_ id: String, _ row: SlurmTable.Row) -> JobModel {
        let state = SlurmState(utf8: row.bytes(10))
        return JobModel(
            jobId: id, name: row[6], status: status(row, state), tasks: [], time: time(row), account: row.text(5),
            allocationNodes: row.integer(1) ?? 0, cluster: row[2], group: row.text(4), nodes: row.text(7) ?? "None assigned", partition: row[8],
            killRequestUser: canceller(state, row), user: row.text(18), workingDirectory: row[19], priority: row.integer(9))
    }

    /// The name of the user who cancelled the job, if it needs no looking up: the job's own, or root.
    private static func canceller(_ state: SlurmState, _ row: SlurmTable.Row) -> String? {
        guard let number = state.cancelledBy else { return nil }
        if number == row.integer(20) { return row.text(18) }
        return number == 0 ? "root" : nil
    }

    private static func status(_ row: SlurmTable.Row, _ state: SlurmState) -> JobStatus {
        let exit = state.isFinal ? exit(row.bytes(3)) : nil
        return JobStatus(
            state: state.base, stateReason: state.reason(row.text(11)), exitCode: exit?.code, interruptSignal: exit?.signal == 0 ? nil : exit?.signal)
    }

    /// `code:signal`
    private static func exit(_ bytes: Slice<UnsafeRawBufferPointer>) -> (code: Int?, signal: Int?)? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return (DecimalDigits.integer(bytes[..<colon]), DecimalDigits.integer(bytes[(colon + 1)...]))
    }

    private static func time(_ row: SlurmTable.Row) -> JobTime {
        JobTime(
            elapsed: row.integer(12), submitTime: row.integer(13), start: row.integer(14), end: row.integer(15),
            suspended: SlurmTime.duration(row.bytes(16)), limit: SlurmTime.seconds(minutes: row.integer(17)))
    }

    /// The script that `sacct --batch-script` prints below a title and a line of dashes; the tasks of an array have one each, which is the same.
    /// `nil` if accounting has none.
    static func batchScript(_ output: ByteBuffer) -> String? {
        let text = String(buffer: output)
        let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasPrefix("Batch Script for "), lines[1].allSatisfy({ $0 == "-" }), lines[2] != "NONE\n" else {
            return nil
        }
        guard let number = lines[0].split(separator: " ").last?.prefix(while: { $0.isNumber }) else { return String(lines[2]) }
        let next = lines[2].firstRange(of: "\nBatch Script for \(number)_")
        return String(lines[2][..<(next.map { lines[2].index(after: $0.lowerBound) } ?? lines[2].endIndex)])
    }
}
