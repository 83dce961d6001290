import GoldcrestProtocol
import Testing

@testable import ComputeService

@Suite("Lists of jobs by state and page")
struct JobListingTests {
    private func job(_ id: String, _ state: String = "RUNNING") -> JobModel {
        JobModel(
            jobId: id, name: "n", status: JobStatus(state: state, stateReason: nil, exitCode: nil, interruptSignal: nil), tasks: [],
            time: JobTime(elapsed: nil, submitTime: nil, start: nil, end: nil, suspended: nil, limit: nil), account: nil, allocationNodes: 0,
            cluster: "c", group: nil, nodes: "", partition: "p", killRequestUser: nil, user: "u", workingDirectory: "/", priority: nil)
    }

    private func ids(_ answer: JobsAnswer) -> [String] { answer.jobs.map(\.jobId) }

    @Test("without a page all jobs come, as the scheduler lists them, and are counted")
    func all() {
        let answer = JobListing().answer(from: [job("3"), job("1")])
        #expect(ids(answer) == ["3", "1"])
        #expect(answer.total == 2)
    }

    @Test("only jobs in one of the states are listed and counted")
    func states() {
        let jobs = [job("1", "PENDING"), job("2", "RUNNING"), job("3", "FAILED")]
        let answer = JobListing(states: ["PENDING", "FAILED"]).answer(from: jobs)
        #expect(ids(answer) == ["1", "3"])
        #expect(answer.total == 2)
    }

    @Test("pages follow the order of ids, and together they are the whole list")
    func pages() {
        let jobs = ["12", "9", "10_11", "10_2", "10_[20-30]", "10+1", "10+0"].map { job($0) }
        let pages = stride(from: 0, to: 8, by: 2).map { JobListing(offset: $0, limit: 2).answer(from: jobs) }
        #expect(pages.flatMap(ids) == ["9", "10+0", "10+1", "10_2", "10_11", "10_[20-30]", "12"])
        #expect(pages.allSatisfy { $0.total == 7 })
    }

    @Test("a page may be empty, by its limit or beyond the end")
    func empty() {
        #expect(JobListing(limit: 0).answer(from: [job("1")]) == JobsAnswer(jobs: [], total: 1))
        #expect(JobListing(offset: 5).answer(from: [job("1")]) == JobsAnswer(jobs: [], total: 1))
        #expect(JobListing(offset: .max, limit: .max).answer(from: [job("1")]) == JobsAnswer(jobs: [], total: 1))
    }
}
