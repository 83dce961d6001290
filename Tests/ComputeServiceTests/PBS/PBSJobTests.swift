import GoldcrestProtocol
import NIOCore
import Testing

@testable import ComputeService

@Suite("jobs as qstat prints them")
struct PBSJobTests {
    private func jobs(_ name: String) throws -> [JobModel] {
        PBSJob.jobs(try RecordedPBS.output(name)).map(\.model)
    }

    private func job(_ id: String, in name: String) throws -> JobModel {
        try #require(try jobs(name).first { $0.jobId == id })
    }

    @Test("jobs keep their order, and their ids lose the server")
    func ids() throws {
        // The very first job keeps it: a bare 0 is no id.
        #expect(try jobs("qstat_jobs").map(\.jobId) == ["0.vm", "1", "2", "3[]", "4", "5", "6"])
    }

    @Test("every id that is printed is accepted back")
    func idsAreAccepted() throws {
        for job in try jobs("qstat_jobs") + jobs("qstat_array_t") {
            #expect(try JobID(job.jobId).matches(job.jobId))
        }
    }

    @Test("a job that has ended well tells all about itself")
    func completed() throws {
        #expect(
            try job("0.vm", in: "qstat_jobs")
                == JobModel(
                    jobId: "0.vm", name: "ok",
                    status: JobStatus(
                        state: "COMPLETED", stateReason: "Job run at Sat Nov 21 at 00:13 on (vm:ncpus=1) and finished", exitCode: 0,
                        interruptSignal: nil),
                    tasks: [],
                    time: JobTime(
                        elapsed: 1, submitTime: 1_795_220_002, start: 1_795_220_002, end: 1_795_220_003, suspended: nil, limit: nil),
                    account: nil, allocationNodes: 1, cluster: "vm", group: nil, nodes: "vm", partition: "workq", killRequestUser: nil,
                    user: "fireuser", workingDirectory: "/home/fireuser", priority: 0))
    }

    @Test("a job that has failed tells its exit code")
    func failed() throws {
        let status = try job("1", in: "qstat_jobs").status
        #expect(status.state == "FAILED")
        #expect(status.exitCode == 3)
        #expect(status.interruptSignal == nil)
    }

    @Test("a running job has no exit code and no end, and its time is counted", arguments: ["qstat_jobs", "qstat_one"])
    func running(_ recording: String) throws {
        let job = try job("2", in: recording)
        #expect(job.status.state == "RUNNING")
        #expect(job.status.exitCode == nil)
        #expect(job.time.end == nil)
        #expect(job.time.start == 1_795_220_002)
        #expect(try #require(job.time.elapsed) >= 6)
        #expect(job.time.limit == 600)
        #expect(job.account == "myproject")
        #expect(job.nodes == "vm")
    }

    @Test("a job that waits says why, and has no node")
    func pending() throws {
        let job = try job("4", in: "qstat_jobs")
        #expect(job.status == JobStatus(state: "PENDING", stateReason: "Not Running: Queue not started.", exitCode: nil, interruptSignal: nil))
        #expect(job.time == JobTime(elapsed: 0, submitTime: 1_795_220_002, start: nil, end: nil, suspended: nil, limit: 600))
        #expect(job.allocationNodes == 0)
        #expect(job.nodes == "None assigned")
        #expect(job.partition == "long")
    }

    @Test("a held job is pending")
    func held() throws {
        #expect(try job("5", in: "qstat_jobs").status == JobStatus(state: "PENDING", stateReason: "Held", exitCode: nil, interruptSignal: nil))
    }

    @Test("an array is one job, its subjobs are one each", arguments: ["qstat_array", "qstat_array_t"])
    func array(_ recording: String) throws {
        let ids = recording == "qstat_array" ? ["3[]"] : ["3[]", "3[1]", "3[2]", "3[3]"]
        let jobs = try jobs(recording)
        #expect(jobs.map(\.jobId) == ids)
        #expect(jobs.allSatisfy { $0.status.state == "COMPLETED" && $0.name == "arr.sh" && $0.time.elapsed == 2 })
    }

    @Test("output and error are not mixed up, and lose their host")
    func metadata() throws {
        let metadata = PBSJob.jobs(try RecordedPBS.output("qstat_jobs")).map(\.metadata)
        #expect(
            metadata.last
                == JobMetadata(
                    jobId: "6", script: nil, standardInput: nil, standardOutput: "/home/fireuser/o.txt", standardError: "/home/fireuser/e.txt"))
    }

    @Test("the files of a subjob have its index in their names, those of the array its place")
    func arrayMetadata() throws {
        let metadata = PBSJob.jobs(try RecordedPBS.output("qstat_array_t")).map(\.metadata)
        #expect(metadata.map(\.standardOutput) == ["^array_index^", "1", "2", "3"].map { "/home/fireuser/arr.sh.o3.\($0)" })
    }

    @Test("an unknown job is none")
    func unknown() throws {
        #expect(try jobs("qstat_unknown").isEmpty)
        #expect(PBSJob.jobs(ByteBuffer()).isEmpty)
    }

    private func made(_ attributes: String) throws -> PBSJob {
        let text = """
            {
            \t"timestamp":\t1795220009,
            \t"pbs_server":\t"vm.example.org",
            \t"Jobs":\t{
            \t\t"9.vm":\t{
            \(attributes.split(separator: "\n").map { "\t\t\t\($0)" }.joined(separator: "\n"))
            \t\t}
            \t}
            }

            """
        return try #require(PBSJob.jobs(ByteBuffer(string: text)).first)
    }

    @Test("a joined output is told for both")
    func joined() throws {
        let paths = "\"Output_Path\": \"vm:/out:1\",\n\"Error_Path\": \"vm:/err\",\n"
        #expect(try made("\(paths)\"Join_Path\": \"oe\"").metadata.standardError == "/out:1")
        #expect(try made("\(paths)\"Join_Path\": \"eo\"").metadata.standardOutput == "/err")
        #expect(try made("\(paths)\"Join_Path\": \"n\"").metadata.standardError == "/err")
    }

    @Test("the hosts of a job are told once each, and without a count of nodes there are as many")
    func hosts() throws {
        let job = try made("\"job_state\": \"R\",\n\"exec_host\": \"n1/0*4+n1/1*4+n2/0\"").model
        #expect(job.nodes == "n1,n2")
        #expect(job.allocationNodes == 2)
    }

    @Test("a working directory is found in variables that are one text, too")
    func variables() throws {
        let job = try made(#""Variable_List": "A=1\\,PBS_O_WORKDIR=/no,PBS_O_WORKDIR=/home/a\\,b,B=2","#).model
        #expect(job.workingDirectory == "/home/a,b")
    }

    @Test("a job that tells hardly anything is a job all the same")
    func bare() throws {
        let job = try made("\"job_state\": \"R\"").model
        #expect(job.jobId == "9")
        #expect(job.allocationNodes == 0)
        #expect(job.workingDirectory == "")
    }

    @Test(
        "a query finds the jobs that it is about",
        arguments: [
            (JobQuery(), "fireuser", ["0.vm", "1", "2", "3[]", "4", "5", "6"]), (JobQuery(), "bob", []),
            (JobQuery(allUsers: true, account: "myproject"), "bob", ["2"]), (JobQuery(name: "held"), "fireuser", ["5"]),
            (JobQuery(account: "other"), "fireuser", []),
        ] as [(JobQuery, String, [String])])
    func queries(_ query: JobQuery, _ user: String, _ ids: [String]) throws {
        let jobs = PBSJob.jobs(try RecordedPBS.output("qstat_jobs")).filter { $0.answers(query, of: user) }
        #expect(jobs.map(\.model.jobId) == ids)
    }

    @Test("an ended job shows within the window only, any other always")
    func window() throws {
        let query = JobQuery(allUsers: true, timeWindow: .hour)
        func shows(_ attributes: String) throws -> Bool { try made(attributes).answers(query, of: "ada") }
        #expect(try shows("\"job_state\": \"F\",\n\"obittime\": \"Fri Nov 20 23:14:00 2026\""))
        #expect(try !shows("\"job_state\": \"F\",\n\"obittime\": \"Fri Nov 20 23:13:00 2026\""))
        #expect(try !shows("\"job_state\": \"F\",\n\"obittime\": 1795210000"))
        #expect(try !shows("\"job_state\": \"M\",\n\"mtime\": \"Fri Nov 20 23:13:00 2026\""))
        #expect(try shows("\"job_state\": \"Q\",\n\"ctime\": \"Fri Nov 20 03:13:00 2026\""))
    }

    @Test("ids find jobs of any time and user")
    func byID() throws {
        let query = JobQuery(ids: [try JobID("9")], timeWindow: .hour)
        #expect(try made("\"job_state\": \"F\",\n\"obittime\": 1795210000").answers(query, of: "ada"))
    }
}
