import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("jobs as scontrol shows them")
struct ScontrolJobTests {
    private func jobs(_ path: String) throws -> [ScontrolJob] {
        ScontrolJob.jobs(try Fixture.bytes("slurm-\(path).stdout"))
    }

    @Test("every symbol of a file's name is filled in, to the name that the file really has", arguments: [("22.05", "29"), ("24.11", "2")])
    func running(_ version: String, _ id: String) throws {
        let job = try #require(try jobs("\(version)/scontrol_running").first)
        #expect(job.id == id)
        #expect(job.number == id)
        #expect(job.state.base == "RUNNING")
        #expect(job.pattern.name == "run ning")
        let padded = String(repeating: "0", count: 4 - id.count) + id
        // Seen in the directory after the job had started.
        #expect(job.standardOutput == "/home/fireuser/pat dir/\(id)_4294967294-\(id)-\(id)-vm-0-batch-0-fireuser-run ning-%-\(padded).txt")
        #expect(job.standardError == job.standardOutput)
        #expect(job.standardInput == "/dev/null")
    }

    @Test("a name and a comment with special characters break nothing", arguments: [("22.05", "28"), ("24.11", "1")])
    func held(_ version: String, _ id: String) throws {
        let job = try #require(try jobs("\(version)/scontrol_held").first)
        #expect(job.pattern.name == #"a|b "c" $(d)"#)
        #expect(job.state.base == "PENDING")
        #expect(job.reason == "JobHeldUser")
        #expect(job.standardOutput == "/home/fireuser/out put-\(id)_4294967294-\(id) a|b \"c\" $(d).txt")
        #expect(job.standardInput == "/home/fireuser/in \(id)")
    }

    @Test("tasks have the ids that the other commands print, and their own numbers", arguments: [("22.05", 30), ("24.11", 3)])
    func tasks(_ version: String, _ array: Int) throws {
        let jobs = try jobs("\(version)/scontrol_tasks")
        #expect(jobs.map(\.id) == ["\(array)_[3-6%2]", "\(array)_2", "\(array)_1"])
        #expect(jobs.map(\.number) == ["\(array)", "\(array + 2)", "\(array + 1)"])
        #expect(jobs.last?.standardOutput == "/home/fireuser/pat dir/arr-\(array)_0001.txt")
    }

    @Test("the parts of a heterogeneous job have theirs", arguments: [("22.05", "33"), ("24.11", "6")])
    func parts(_ version: String, _ leader: String) throws {
        let jobs = try jobs("\(version)/scontrol_het")
        #expect(jobs.map(\.id) == ["\(leader)+0", "\(leader)+1"])
        #expect(jobs.map(\.component) == [.init(leader: leader, offset: "0"), .init(leader: leader, offset: "1")])
    }

    @Test("jobs without symbols in their paths")
    func plain() throws {
        let job = try #require(try jobs("22.05/scontrol_job").first)
        #expect(job.id == "33")
        #expect([job.standardInput, job.standardOutput, job.standardError] == ["/dev/null", "/dev/null", "/dev/null"])
        #expect(try jobs("22.05/scontrol_array").map(\.id) == ["35_[1-6%2]"])
    }

    @Test("a name with an empty line and words that look like facts is a name")
    func hostileName() {
        let text = """
            JobId=7 JobName=a

            b
               JobState=COMPLETED Reason=None
               StdOut=/etc/passwd
               UserId=ada(1000) GroupId=ada(1000)
               JobState=RUNNING Reason=None Dependency=(null)
               BatchHost=n1
               WorkDir=/home/ada
               StdErr=/home/ada/e-%N
               StdIn=/dev/null
               StdOut=/home/ada/o

            JobId=8 JobName=next
               JobState=PENDING Reason=Resources
               StdOut=/home/ada/%N
            """
        let jobs = ScontrolJob.jobs(ByteBuffer(string: text))
        #expect(jobs.map(\.id) == ["7", "8"])
        #expect(jobs.map(\.state.base) == ["RUNNING", "PENDING"])
        #expect(jobs.map(\.standardOutput) == ["/home/ada/o", "/home/ada/%N"])
        #expect(jobs.map(\.standardError) == ["/home/ada/e-n1", "/home/ada/%N"])
    }

    @Test("junk is no job", arguments: ["", "\n", "No jobs in the system\n", "JobName=x JobId\n", "\n\n\n\n"])
    func junk(_ text: String) {
        #expect(ScontrolJob.jobs(ByteBuffer(string: text)).isEmpty)
    }
}
