import GoldcrestProtocol
import Testing

@testable import ComputeService

@Suite("queue and accounting together")
struct JobUnionTests {
    private func job(_ id: String, _ state: String, name: String = "n", reason: String? = nil) -> JobModel {
        JobModel(
            jobId: id, name: name, status: JobStatus(state: state, stateReason: reason, exitCode: nil, interruptSignal: nil), tasks: [],
            time: JobTime(elapsed: nil, submitTime: nil, start: nil, end: nil, suspended: nil, limit: nil), account: nil, allocationNodes: 0,
            cluster: "c", group: nil, nodes: "", partition: "p", killRequestUser: nil, user: "u", workingDirectory: "/", priority: nil)
    }

    @Test("tasks that accounting takes for waiting, though all of them run, show as they are in the queue")
    func startedArray() {
        let union = JobUnion(queue: [job("5_1", "RUNNING"), job("5_2", "RUNNING")], accounting: [job("5_[1-2]", "PENDING"), job("4", "FAILED")])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.jobId) == ["4", "5_1", "5_2"])
    }

    @Test("a pending entry of the queue wins over accounting")
    func pending() {
        let union = JobUnion(queue: [job("1", "PENDING", reason: "Resources")], accounting: [job("1", "RUNNING")])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.status.stateReason) == ["Resources"])
    }

    @Test("accounting that has not heard of a job's start gives way to the queue")
    func lagging() {
        let union = JobUnion(queue: [job("1", "RUNNING")], accounting: [job("1", "PENDING")])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.status.state) == ["RUNNING"])
    }

    @Test("otherwise accounting wins, with the name of the queue")
    func accounted() {
        let union = JobUnion(queue: [job("1", "RUNNING", name: "\"q\"")], accounting: [job("1", "COMPLETED", name: "`q`")])
        let jobs = union.jobs(matching: JobQuery(), of: "u")
        #expect(jobs.map(\.status.state) == ["COMPLETED"])
        #expect(jobs.map(\.name) == ["\"q\""])
    }

    @Test("a directory that accounting does not know yet is the queue's")
    func directory() {
        var accounted = job("1", "COMPLETED")
        accounted.workingDirectory = ""
        let union = JobUnion(queue: [job("1", "RUNNING")], accounting: [accounted])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.workingDirectory) == ["/"])
    }

    @Test("what only one of them knows is there")
    func either() {
        let union = JobUnion(queue: [job("2", "RUNNING")], accounting: [job("1", "COMPLETED")])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.jobId) == ["1", "2"])
    }

    @Test("tasks of an array that wait show once, with the range of the queue")
    func arrays() {
        let union = JobUnion(
            queue: [job("5_[3-4]", "PENDING"), job("5_2", "RUNNING")],
            accounting: [job("5_1", "COMPLETED"), job("5_[2-4]", "PENDING")])
        #expect(Set(union.jobs(matching: JobQuery(), of: "u").map(\.jobId)) == ["5_1", "5_2", "5_[3-4]"])
    }

    @Test("a heterogeneous job that waits shows as its parts only")
    func parts() {
        let union = JobUnion(queue: [job("6+0", "PENDING"), job("6+1", "PENDING")], accounting: [job("6", "PENDING"), job("7", "COMPLETED")])
        #expect(union.jobs(matching: JobQuery(), of: "u").map(\.jobId) == ["7", "6+0", "6+1"])
    }

    @Test("a name is matched exactly, or as accounting stores its quotes")
    func names() {
        let union = JobUnion(queue: [], accounting: [job("1", "COMPLETED", name: "a `b`"), job("2", "COMPLETED", name: "a")])
        #expect(union.jobs(matching: JobQuery(name: "a \"b\""), of: "u").map(\.jobId) == ["1"])
        #expect(union.jobs(matching: JobQuery(name: "a"), of: "u").map(\.jobId) == ["2"])
    }
}
