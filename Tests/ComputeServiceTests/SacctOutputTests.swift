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
        let job = try job("51")
        #expect(jobs.allSatisfy { !$0.jobId.contains(".") })
        #expect(job.tasks?.map(\.id) == ["51.batch"])
        #expect(job.tasks?.first?.name == "batch")
        #expect(job.tasks?.first?.status == JobStatus(state: "FAILED", stateReason: nil, exitCode: 3, interruptSignal: nil))
    }

    @Test("an array's tasks have their own steps")
    func arrays() throws {
        #expect(try job("54_2").tasks?.map(\.id) == ["54_2.batch"])
    }

    @Test("the exit code and the signal are told apart")
    func exits() throws {
        #expect(try job("51").status == JobStatus(state: "FAILED", stateReason: "None", exitCode: 3, interruptSignal: nil))
        #expect(try job("52").status == JobStatus(state: "FAILED", stateReason: "None", exitCode: 0, interruptSignal: 9))
    }

    @Test("the state of a cancelled job is CANCELLED, without the user's number")
    func cancelled() throws {
        #expect(try job("33").status.state == "CANCELLED")
    }

    @Test("a running job has no end and no exit code, and its limit is in seconds")
    func running() throws {
        let job = try job("47")
        #expect(job.status.state == "RUNNING")
        #expect(job.status.exitCode == nil)
        #expect(job.time.end == nil)
        #expect(job.time.limit == 3600)
        #expect(job.time.suspended == 0)
        #expect(job.time.submitTime == 1_795_252_892)
    }

    @Test("every cut of real output parses to whole rows")
    func truncated() throws {
        let whole = try Fixture.bytes("slurm-22.05/sacct.stdout")
        for length in stride(from: 0, to: whole.readableBytes, by: 3) {
            let part = try #require(whole.getSlice(at: 0, length: length))
            #expect(SacctOutput.jobs(part, separator: Fixture.separator).count <= jobs.count)
        }
    }

    @Test("the script stands below its title")
    func script() throws {
        let script = try #require(SacctOutput.batchScript(try Fixture.bytes("slurm-22.05/sacct_script.stdout")))
        #expect(script.hasPrefix("#!/bin/bash\n"))
        #expect(SacctOutput.batchScript(try Fixture.bytes("slurm-24.11/sacct_script.stdout"))?.hasPrefix("#!/bin/bash\n") == true)
        #expect(SacctOutput.batchScript(ByteBuffer(string: "Batch Script for 7\n-----\nNONE\n")) == nil)
        #expect(SacctOutput.batchScript(ByteBuffer()) == nil)
    }
}
