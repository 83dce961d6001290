import GoldcrestProtocol
import Testing

@testable import ComputeService

@Suite("jobs as slurmrestd tells them")
struct RESTJobTests {
    private func job(_ id: String, of jobs: [JobModel]) throws -> JobModel {
        try #require(jobs.first { $0.jobId == id })
    }

    @Test("a job that ended has the same form in queue and accounting, in every version", arguments: [("0.0.38", "2", "f.sh"), ("0.0.42", "3", "fail.sh")])
    func failed(_ version: String, _ id: String, _ name: String) throws {
        let queued = try job(id, of: try RESTFixture.queue("slurmrestd-\(version)/slurm_jobs.json"))
        let accounted = try job(id, of: try RESTFixture.accounting("slurmrestd-\(version)/slurmdb_jobs.json"))
        #expect(queued.name == name)
        #expect(queued.status == JobStatus(state: "FAILED", stateReason: "NonZeroExitCode", exitCode: 3, interruptSignal: nil))
        #expect(accounted.status.state == "FAILED")
        // 0.0.38 would say 0.
        #expect(accounted.status.exitCode == (version == "0.0.38" ? nil : 3))
        #expect(queued.nodes == "vm")
        #expect(queued.allocationNodes == 1)
        #expect(accounted.tasks?.map(\.id) == ["\(id).batch"])
        #expect(accounted.tasks?.first?.status.state == "FAILED")
        #expect(accounted.group == queued.group)
        #expect(queued.time.end != nil)
        #expect(queued.time.start == accounted.time.start)
        #expect(queued.time.submitTime == accounted.time.submitTime)
        #expect(accounted.killRequestUser == nil)
    }

    @Test("limits are in seconds, none is null")
    func limits() throws {
        let jobs = try RESTFixture.queue("slurmrestd-0.0.42/slurm_jobs.json")
        #expect(try job("2", of: jobs).time.limit == 525_600 * 60)
        #expect(try job("6", of: jobs).time.limit == 60)
        #expect(try RESTFixture.queue("slurmrestd-0.0.38/slurm_jobs.json").first?.time.limit == nil)
        let accounted = try RESTFixture.accounting("slurmrestd-0.0.42/slurmdb_jobs.json")
        #expect(try job("2", of: accounted).time.limit == 525_600 * 60)
        #expect(try job("10", of: accounted).time.limit == nil)
    }

    @Test("a signal is told beside the code 0")
    func signals() throws {
        for jobs in [try RESTFixture.queue("slurmrestd-0.0.42/slurm_jobs.json"), try RESTFixture.accounting("slurmrestd-0.0.42/slurmdb_jobs.json")] {
            let status = try job("4", of: jobs).status
            #expect(status.state == "FAILED")
            #expect(status.exitCode == 0)
            #expect(status.interruptSignal == 11)
        }
    }

    @Test("0.0.38 tells signals in forms of its own", arguments: ["9", #"{"status": "SIGNALED", "return_code": null, "signal": {"signal_id": 9, "name": "Killed"}}"#])
    func oldSignals(_ text: String) throws {
        let exit = try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try RESTExit(reading: &reader)
        }
        #expect(exit.status(SlurmState("FAILED"), reason: nil, tellsCodes: false) == JobStatus(state: "FAILED", stateReason: nil, exitCode: 0, interruptSignal: 9))
    }

    @Test("a running job has neither end nor exit code")
    func running() throws {
        for jobs in [try RESTFixture.queue("slurmrestd-0.0.38/slurm_jobs.json"), try RESTFixture.accounting("slurmrestd-0.0.38/slurmdb_jobs.json")] {
            let running = try job("3", of: jobs)
            #expect(running.name == "a|b c")
            #expect(running.status == JobStatus(state: "RUNNING", stateReason: "None", exitCode: nil, interruptSignal: nil))
            #expect(running.time.end == nil)
            #expect(running.time.start == 1_795_225_838)
            #expect((running.time.elapsed ?? 0) >= 2)
        }
    }

    @Test("a pending job waits on no node")
    func pending() throws {
        let held = try job("4", of: try RESTFixture.queue("slurmrestd-0.0.38/slurm_jobs.json"))
        #expect(held.status == JobStatus(state: "PENDING", stateReason: "JobHeldUser", exitCode: nil, interruptSignal: nil))
        #expect(held.nodes == "None assigned")
        #expect(held.allocationNodes == 0)
        #expect(held.tasks == [])
        #expect(held.group == "fireuser")
        #expect(held.time.start == nil)
        #expect(held.time.elapsed == 0)
    }

    @Test("the tasks of arrays have the ids that Slurm's commands print, in queue and accounting")
    func arrays() throws {
        #expect(
            try RESTFixture.queue("slurmrestd-0.0.38/slurm_job_array.json").map(\.jobId) == ["3_[11-59,63-69%2]", "3_10", "3_9", "3_8", "3_7"])
        let accounted = try RESTFixture.accounting("slurmrestd-0.0.38/slurmdb_job_array.json")
        #expect(accounted.map(\.jobId) == ["3_[11-59,63-69]"] + (1...10).map { "3_\($0)" })
        #expect(accounted.last?.tasks?.map(\.id) == ["3_10.batch"])
        #expect(try RESTFixture.queue("slurmrestd-0.0.42/slurm_jobs.json").map(\.jobId).filter { $0.hasPrefix("5") } == ["5_1", "5_2", "5_3"])
        #expect(try RESTFixture.accounting("slurmrestd-0.0.42/slurmdb_jobs.json").map(\.jobId).filter { $0.hasPrefix("5") } == ["5_3", "5_1", "5_2"])
    }

    @Test("the parts of a heterogeneous job have the ids that Slurm's commands print")
    func heterogeneous() {
        #expect(RESTJobID(number: 13, heterogeneous: 12, part: 1).text == "12+1")
        #expect(RESTJobID(number: 12, array: 0, heterogeneous: 0, part: 0).text == "12")
        #expect(RESTJobID(number: 0).text == nil)
    }

    @Test("accounting's number of an array's tasks is a list", arguments: [("0x2", "1"), ("0x1", "0"), ("0xE", "1-3"), ("0x85", "0,2,7"), ("0xF0F", "0-3,8-11"), ("1-4%2", "1-4%2"), ("0xZ", "0xZ")])
    func bitmaps(_ bits: String, _ list: String) {
        #expect(RESTJobID.list(bits) == list)
    }

    @Test("a cancelled job tells who asked for it")
    func cancelled() throws {
        let cancelled = try job("7", of: try RESTFixture.accounting("slurmrestd-0.0.42/slurmdb_jobs.json"))
        #expect(cancelled.status.state == "CANCELLED")
        #expect(cancelled.killRequestUser == "firesrv")
        #expect(cancelled.name == "with space")
        // What a signal of Slurm's own ended has no code in the queue; accounting keeps 0.
        #expect(try job("7", of: try RESTFixture.queue("slurmrestd-0.0.42/slurm_jobs.json")).status.interruptSignal == nil)
    }

    @Test("a job is the same from slurmrestd and from the commands")
    func likeCommands() throws {
        let rest = try RESTFixture.accounting("slurmrestd-0.0.42/slurmdb_jobs.json")
        let commands = try Self.sacctRows()
        for id in ["2", "3", "4", "10", "5_1", "5_2", "5_3"] {
            let one = try job(id, of: rest)
            let row = try #require(commands[id])
            #expect(one.allocationNodes == Int(row[1]))
            #expect("\(one.status.exitCode ?? -1):\(one.status.interruptSignal ?? 0)" == row[3])
            #expect(one.group == row[4])
            #expect(one.account == row[5])
            #expect(one.nodes == row[7])
            #expect(one.partition == row[8])
            #expect(one.status.state == row[10])
            #expect(one.status.stateReason == row[11])
            #expect(one.time.elapsed == Int(row[12]))
            #expect(one.time.submitTime == Int(row[13]))
            #expect(one.time.end == Int(row[15]))
            #expect(one.user == row[18])
            #expect(one.workingDirectory == row[19])
        }
    }

    /// The rows of the recorded `sacct`, by their ids. A job's name there may hold the separator.
    private static func sacctRows() throws -> [String: [String]] {
        let text = String(decoding: try RESTFixture.bytes("slurm-24.11/sacct_bar_separated.stdout"), as: UTF8.self)
        return text.split(separator: "\n").reduce(into: [:]) { rows, line in
            var row = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            if row.count == 21 { row.replaceSubrange(6...7, with: ["\(row[6])|\(row[7])"]) }
            if row.count == 20 { rows[row[0]] = row }
        }
    }

    @Test("fields of unexpected kinds spoil no list")
    func oddFields() throws {
        let text = #"{"job_id": 7, "job_state": {"x": 1}, "name": [1], "nodes": 5, "time_limit": "forever", "exit_code": "x", "priority": {"set": true, "number": 3}}"#
        let job = try Array(text.utf8).withUnsafeBytes { bytes in
            var reader = JSONPullReader(bytes)
            return try RESTQueueJob.read(&reader, now: 0)
        }
        #expect(job?.jobId == "7")
        #expect(job?.status.state == "UNKNOWN")
        #expect(job?.nodes == "None assigned")
        #expect(job?.time.limit == nil)
        #expect(job?.priority == 3)
    }

    @Test("what is done to a job shows as with squeue", arguments: [(["RUNNING", "COMPLETING"], "RUNNING", "COMPLETING"), (["CANCELLED", "COMPLETING"], "RUNNING", "COMPLETING"), (["PENDING", "REQUEUED"], "PENDING", "REQUEUED"), (["COMPLETED"], "COMPLETED", nil), ([], "UNKNOWN", nil)])
    func states(_ words: [String], _ base: String, _ flag: String?) {
        let state = SlurmState(words: words)
        #expect(state.base == base)
        #expect(state.reason(nil) == flag)
    }
}
