import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("sacct's output")
struct SacctOutputTests {
    private let jobs: [JobModel]

    init() throws {
        jobs = SacctOutput.jobs(try Fixture.bytes("slurm-22.05/sacct.stdout"), separator: Fixture.separator)
    }

    private func job(_ id: String) throws -> JobModel {
        try #require(jobs.first { $0.jobId == id })
    }

    @Test("steps are the tasks of their job")
    func steps() throws {
        #expect(jobs.allSatisfy { !$0.jobId.contains(".") })
        #expect(try job("29").tasks?.map(\.id) == ["29.batch", "29.0"])
        #expect(try job("29").tasks?.map(\.name) == ["batch", "sleep"])
        #expect(try job("35").tasks?.first?.status == JobStatus(state: "FAILED", stateReason: nil, exitCode: 3, interruptSignal: nil))
    }

    @Test("an array's tasks have their own steps")
    func arrays() throws {
        #expect(try job("30_2").tasks?.map(\.id) == ["30_2.batch"])
    }

    @Test("the exit code and the signal are told apart")
    func exits() throws {
        #expect(try job("35").status == JobStatus(state: "FAILED", stateReason: "None", exitCode: 3, interruptSignal: nil))
        #expect(try job("36").status == JobStatus(state: "FAILED", stateReason: "None", exitCode: 0, interruptSignal: 9))
    }

    @Test("a cancelled job is CANCELLED, and who did it has a name where that is known")
    func cancelled() throws {
        #expect(try job("37").status.state == "CANCELLED")
        #expect(try job("37").killRequestUser == "fireuser")
        #expect(try job("38").status.state == "CANCELLED")
        #expect(try job("38").killRequestUser == "root")
        #expect(try job("11").status.state == "CANCELLED")
        #expect(try job("11").killRequestUser == nil)
    }

    @Test("a name with a newline breaks no row")
    func newline() throws {
        #expect(try job("38").name == "new\nline")
        #expect(try job("38").tasks?.map(\.id) == ["38.batch"])
    }

    @Test("the parts of a heterogeneous job are jobs, without nodes before their start")
    func parts() throws {
        #expect(try job("13+1").nodes == "None assigned")
        #expect(try job("13+1").allocationNodes == 0)
        #expect(try job("13+1").time.start == nil)
    }

    @Test("a running job has no end and no exit code, and its limit is in seconds")
    func running() throws {
        let job = try job("29")
        #expect(job.status.state == "RUNNING")
        #expect(job.status.exitCode == nil)
        #expect(job.time.end == nil)
        #expect(job.time.limit == 3600)
        #expect(job.time.suspended == 0)
        #expect(job.time.submitTime == 1_795_267_554)
    }

    @Test("a later version prints the same")
    func later() throws {
        let jobs = SacctOutput.jobs(try Fixture.bytes("slurm-24.11/sacct.stdout"), separator: Fixture.separator)
        #expect(jobs.map(\.jobId) == ["2", "3_1", "3_2", "8", "9", "10", "11"])
        #expect(jobs.map(\.status.state) == ["RUNNING", "RUNNING", "RUNNING", "FAILED", "FAILED", "CANCELLED", "CANCELLED"])
        #expect(jobs.map(\.killRequestUser) == [nil, nil, nil, nil, nil, "fireuser", "root"])
        #expect(jobs.map(\.status.exitCode) == [nil, nil, nil, 3, 0, 0, 0])
        #expect(jobs.map(\.status.interruptSignal) == [nil, nil, nil, nil, 9, nil, nil])
    }

    @Test("every cut of real output parses to whole rows")
    func truncated() throws {
        let whole = try Fixture.bytes("slurm-22.05/sacct.stdout")
        for length in stride(from: 0, to: whole.readableBytes, by: 11) {
            let part = try #require(whole.getSlice(at: 0, length: length))
            #expect(SacctOutput.jobs(part, separator: Fixture.separator).count <= jobs.count)
        }
    }

    @Test("the script stands below its title")
    func script() throws {
        let script = try #require(SacctOutput.batchScript(try Fixture.bytes("slurm-22.05/sacct_script.stdout")))
        #expect(script.hasPrefix("#!/bin/bash\n"))
        #expect(SacctOutput.batchScript(try Fixture.bytes("slurm-24.11/sacct_script.stdout"))?.hasPrefix("#!/bin/bash\n") == true)
        let task = "#!/bin/sh\n# This script was created by sbatch --wrap.\n\nsleep 6000\n"
        #expect(SacctOutput.batchScript(try Fixture.bytes("slurm-22.05/sacct_array_script.stdout"))?.hasPrefix(task) == true)
        #expect(SacctOutput.batchScript(try Fixture.bytes("slurm-22.05/sacct_array_script.stdout"))?.contains("Batch Script") == false)
        #expect(SacctOutput.batchScript(try Fixture.bytes("slurm-24.11/sacct_array_script.stdout")) == task)
        #expect(SacctOutput.batchScript(ByteBuffer(string: "Batch Script for 7\n-----\nNONE\n")) == nil)
        #expect(SacctOutput.batchScript(ByteBuffer()) == nil)
    }
}
