import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("squeue's output")
struct SqueueOutputTests {
    private let jobs: [String: JobModel]

    init() throws {
        let all = SqueueOutput.jobs(try Fixture.bytes("slurm-22.05/squeue.stdout"), separator: Fixture.separator)
        jobs = Dictionary(uniqueKeysWithValues: all.map { ($0.jobId, $0) })
        #expect(all.count == 20)
    }

    @Test("a name with pipes, quotes and a command substitution comes through")
    func name() throws {
        let job = try #require(jobs["47"])
        #expect(job.name == #"a|b "c" $(d)"#)
        #expect(job.status == JobStatus(state: "RUNNING", stateReason: "None", exitCode: nil, interruptSignal: nil))
        #expect(job.nodes == "vm")
        #expect(job.allocationNodes == 1)
        #expect(job.account == "myproject")
        #expect(job.user == "fireuser")
        #expect(job.group == "fireuser")
        #expect(job.workingDirectory == "/home/fireuser")
        #expect(job.time.start == 1_795_252_892)
        #expect(job.time.end == nil)
        #expect(job.time.limit == 3600)
        #expect(job.priority == 4_294_901_733)
    }

    @Test("a name with a newline and a separator character breaks no row")
    func newline() throws {
        let job = try #require(jobs["48"])
        #expect(job.name == "new\nline\u{1F}sep")
        #expect(job.status.state == "PENDING")
        #expect(job.status.stateReason == "JobHeldUser")
        #expect(job.nodes == "None assigned")
        #expect(job.time.start == nil)
    }

    @Test("the waiting tasks of an array are one entry with the id that Slurm prints")
    func array() throws {
        #expect(jobs["49_[1-6%2]"]?.status.state == "PENDING")
        #expect(jobs["54_1"]?.status.state == "RUNNING")
        #expect(jobs["54_2"] != nil)
    }

    @Test("a job that has just ended tells its exit code or the signal that ended it")
    func ended() {
        #expect(jobs["51"]?.status.exitCode == 3)
        #expect(jobs["51"]?.status.interruptSignal == nil)
        #expect(jobs["52"]?.status.exitCode == 0)
        #expect(jobs["52"]?.status.interruptSignal == 9)
        #expect(jobs["51"]?.time.end == 1_795_252_892)
    }

    @Test("a later version prints exit codes otherwise")
    func later() throws {
        let all = SqueueOutput.jobs(try Fixture.bytes("slurm-24.11/squeue.stdout"), separator: Fixture.separator)
        let jobs = Dictionary(uniqueKeysWithValues: all.map { ($0.jobId, $0) })
        #expect(Set(jobs.keys) == ["1", "2", "3_1", "3_2", "3_[3-6%2]", "6+0", "6+1", "8", "9", "10", "11"])
        #expect(jobs["8"]?.status == JobStatus(state: "FAILED", stateReason: "NonZeroExitCode", exitCode: 3, interruptSignal: nil))
        #expect(jobs["9"]?.status == JobStatus(state: "FAILED", stateReason: "RaisedSignal:9(Killed)", exitCode: 0, interruptSignal: 9))
        #expect(jobs["10"]?.status == JobStatus(state: "CANCELLED", stateReason: "None", exitCode: nil, interruptSignal: nil))
        #expect(jobs["1"]?.name == #"a|b "c" $(d)"#)
        #expect(jobs["11"]?.name == "new\nline")
    }

    @Test("junk gives no rows, and no crash", arguments: ["", "\n", "\u{1F}", "\u{1F}A1b2", "1\u{1F}A1b2\n", String(repeating: "\u{1F}A1b", count: 50)])
    func junk(_ text: String) {
        #expect(SqueueOutput.jobs(ByteBuffer(string: text), separator: Fixture.separator).isEmpty)
    }

    @Test("a greeting of the login shell and bytes that are not UTF-8 do no harm")
    func greeting() throws {
        let row = SqueueOutput.fields.indices.map { "\($0 == 0 ? "7" : "x")\u{1F}A1b2" }.joined() + "\n"
        var output = ByteBuffer(string: "Welcome\nto the machine\n")
        output.writeBytes(Array(row.utf8).map { $0 == UInt8(ascii: "x") ? 0xFF : $0 })
        let jobs = SqueueOutput.jobs(output, separator: Fixture.separator)
        #expect(jobs.map(\.jobId) == ["7"])
        #expect(jobs.first?.name == "\u{FFFD}")
    }

    @Test("every cut of real output parses to whole rows")
    func truncated() throws {
        let whole = try Fixture.bytes("slurm-22.05/squeue.stdout")
        for length in 0..<whole.readableBytes {
            let part = try #require(whole.getSlice(at: 0, length: length))
            #expect(SqueueOutput.jobs(part, separator: Fixture.separator).count <= 20)
        }
    }
}
