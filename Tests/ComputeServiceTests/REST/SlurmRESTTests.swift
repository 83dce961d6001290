import GoldcrestHTTPClient
import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import Logging
import NIOCore
import Synchronization
import Testing

@testable import ComputeService

@Suite("slurmrestd when something is wrong")
struct SlurmRESTTests {
    private let user = SSHUser(name: "ada", token: "secret-token")

    private func slurm(_ url: String, version: String = "0.0.42", timeout: Duration = .seconds(20)) -> SlurmREST {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return SlurmREST(client: HTTPClient(logger: logger), url: url, version: version, timeout: timeout, logger: logger)
    }

    /// How a query of nodes fails with this answer.
    private func failure(_ answer: FakeSlurmrestd.Answer, timeout: Duration = .seconds(20)) async throws -> APIError? {
        try await FakeSlurmrestd.with({ _ in answer }) { fake in
            do {
                _ = try await slurm(fake.url, timeout: timeout).nodes(as: user)
                return nil
            } catch let error as any APIErrorConvertible {
                return error.apiError
            }
        }
    }

    private static let node = #"{"nodes": [{"name": "n1", "cpus": 4, "state": ["IDLE"]}], "errors": []}"#

    @Test("an answer as it should be")
    func fine() async throws {
        #expect(try await failure(.json(Self.node)) == nil)
    }

    @Test("no answer, or half of one, is 504 when the time is over", .timeLimit(.minutes(5)), arguments: [FakeSlurmrestd.Answer.silence, .stall(SlurmRESTTests.node)])
    func late(_ answer: FakeSlurmrestd.Answer) async throws {
        let error = try await failure(answer, timeout: .milliseconds(300))
        #expect(error?.status == .gatewayTimeout)
        #expect(error?.message.contains("0.3 s") == true)
    }

    @Test("an answer that breaks off is 503 or 502")
    func brokenOff() async throws {
        #expect(try await failure(.cut(Self.node, after: 20))?.status == .serviceUnavailable)
        #expect(try await failure(.json(String(Self.node.dropLast(20))))?.status == .badGateway)
    }

    @Test("nobody there is 503")
    func nobody() async throws {
        let error = await #expect(throws: APIError.self) { try await slurm("http://127.0.0.1:1").nodes(as: user) }
        #expect(error?.status == .serviceUnavailable)
    }

    @Test("what is no JSON is 502 with its first words")
    func noJSON() async throws {
        let page = "<html><body>\u{1B}[31m Bad  Gateway" + String(repeating: "x", count: 100_000)
        let error = try await failure(.text(502, page, type: "text/html"))
        #expect(error?.status == .badGateway)
        #expect(error?.message.contains("<html><body> [31m Bad Gateway") == true)
        #expect((error?.message.count ?? 0) < 400)
        #expect(try await failure(.json("<html>"))?.status == .badGateway)
        #expect(try await failure(.text(503, "busy"))?.status == .serviceUnavailable)
    }

    @Test("an API that slurmrestd does not have is told by its version")
    func unknownVersion() async throws {
        let error = try await failure(.text(404, "Unable find requested URL. Please view /openapi/v3 for API reference."))
        #expect(error?.status == .internalServerError)
        #expect(error?.message.contains("0.0.42") == true)
        #expect(error?.message.contains("/openapi/v3") == true)
        let wrong = await #expect(throws: APIError.self) { try await slurm("http://127.0.0.1:1", version: "../x").nodes(as: user) }
        #expect(wrong?.status == .internalServerError)
    }

    @Test("a token that slurmrestd refuses is 403, and no message has it")
    func refused() async throws {
        let error = try await failure(.text(401, "Authentication failure"))
        #expect(error?.status == .forbidden)
        #expect(error?.message.contains("secret-token") == false)
    }

    @Test("name and token go into headers, names and ids into the path only escaped")
    func request() throws {
        let version = try #require(SlurmRESTVersion("0.0.42"))
        let call = RESTCall(daemon: .accounting, path: ["job", "1/../../x?y"], query: [("users", "a&b=c d")])
        let request = try call.request(to: "http://slurm", version: version, as: SSHUser(name: "ädа", token: "t"))
        #expect(request.url == "http://slurm/slurmdb/v0.0.42/job/1%2F..%2F..%2Fx%3Fy?users=a%26b%3Dc%20d")
        #expect(request.headerFields.first { $0.name.canonicalName == "x-slurm-user-token" }?.value == "t")
        for bad in ["", "a\r\nX-Evil: 1", "a b", "a\u{0}"] {
            #expect(throws: APIError.self) { try call.request(to: "http://slurm", version: version, as: SSHUser(name: bad, token: "t")) }
            #expect(throws: APIError.self) { try call.request(to: "http://slurm", version: version, as: SSHUser(name: "ada", token: bad)) }
        }
    }

    // MARK: - Jobs

    private static func queued(_ count: Int, user: String) -> String {
        let filler = String(repeating: "x", count: 8000)
        let jobs = (1...count).map { #"{"comment": "\#(filler)", "job_id": \#($0), "job_state": ["RUNNING"], "user_name": "\#($0 % 100 == 0 ? user : "other")"}"# }
        return #"{"jobs": [\#(jobs.joined(separator: ","))], "errors": []}"#
    }

    @Test("of 10 MB of other people's jobs one's own are found")
    func many() async throws {
        let answer = Self.queued(1234, user: "ada")
        try await FakeSlurmrestd.with({ $0.contains("/slurm/") ? .json(answer) : .json(#"{"jobs": [], "errors": []}"#) }) { fake in
            let jobs = try await slurm(fake.url).jobs(JobQuery(), as: user)
            #expect(jobs.map(\.jobId) == (1...12).map { "\($0 * 100)" })
        }
    }

    @Test("a single element without end is refused")
    func endlessElement() async throws {
        let answer = #"{"nodes": ["\#(String(repeating: "x", count: 5 << 20))"]}"#
        #expect(try await failure(.json(answer))?.status == .badGateway)
    }

    @Test("if one of controller and accounting fails, the other's jobs are told")
    func oneFails() async throws {
        let job = #"{"jobs": [{"job_id": 7, "job_state": ["RUNNING"], "state": {"current": ["RUNNING"]}, "user_name": "ada", "user": "ada"}], "errors": []}"#
        let error = #"{"jobs": [], "errors": [{"error_number": 7000, "error": "Unable to connect to database"}]}"#
        for failing in ["/slurm/", "/slurmdb/"] {
            try await FakeSlurmrestd.with({ $0.contains(failing) ? .json(error, status: 500) : .json(job) }) { fake in
                let jobs = try await slurm(fake.url).jobs(JobQuery(), as: user)
                #expect(jobs.map(\.jobId) == ["7"])
            }
        }
        try await FakeSlurmrestd.with({ _ in .json(error, status: 500) }) { fake in
            let error = await #expect(throws: RESTRefusal.self) { try await slurm(fake.url).jobs(JobQuery(), as: user) }
            #expect(error?.apiError.status == .serviceUnavailable)
        }
    }

    @Test("a token that only accounting refuses in words is 403")
    func refusedByBoth() async throws {
        let nameless = #"{"errors": [{"error_number": -1, "error": "Unspecified error"}], "jobs": []}"#
        let refusal = #"{"errors": [{"error_number": 1007, "error": "Protocol authentication error"}], "jobs": []}"#
        try await FakeSlurmrestd.with({ $0.contains("/slurm/") ? .json(nameless, status: 500) : .json(refusal) }) { fake in
            let error = await #expect(throws: RESTRefusal.self) { try await slurm(fake.url, version: "0.0.38").jobs(JobQuery(), as: user) }
            #expect(error?.apiError.status == .forbidden)
        }
    }

    @Test("few ids are asked for one by one, many at once; filters go as far as the version has them")
    func queries() async throws {
        let empty = #"{"jobs": [], "errors": []}"#
        try await FakeSlurmrestd.with({ _ in .json(empty) }) { fake in
            _ = try await slurm(fake.url).jobs(JobQuery(ids: [try JobID("12_3"), try JobID("7")]), as: user)
            let lines = fake.requests.compactMap { $0.split(separator: " ").dropFirst().first }.sorted()
            #expect(lines == ["/slurm/v0.0.42/job/12?flags=ALL", "/slurm/v0.0.42/job/7?flags=ALL", "/slurmdb/v0.0.42/jobs?step=12&step=7"])
        }
        try await FakeSlurmrestd.with({ _ in .json(empty) }) { fake in
            _ = try await slurm(fake.url).jobs(JobQuery(ids: try (1...20).map { try JobID("\($0)") }), as: user)
            #expect(fake.requests.count == 2)
        }
        for (version, filter) in [("0.0.38", ""), ("0.0.42", "&users=ada")] {
            try await FakeSlurmrestd.with({ _ in .json(empty) }) { fake in
                _ = try await slurm(fake.url, version: version).jobs(JobQuery(account: "m", name: "n"), as: user)
                let line = try #require(fake.requests.first { $0.contains("slurmdb") }?.split(separator: " ").dropFirst().first)
                #expect(line.contains("start_time=uts"))
                #expect(line.hasSuffix("\(filter)&account=m&job_name=n"))
            }
        }
    }

    private static func queue(_ states: String, updated time: Int) -> String {
        let jobs = states.isEmpty ? "" : #"{"job_id": 7, "job_state": ["\#(states)"], "user_name": "ada", "start_time": {"set": true, "number": 1000}}"#
        return #"{"jobs": [\#(jobs)], "last_update": {"set": true, "infinite": false, "number": \#(time)}, "errors": [], "warnings": []}"#
    }

    @Test("the controller's last list serves again for exactly as long as the controller says that nothing has changed")
    func unchanged() async throws {
        // What the controller knows: running since the time 500, nothing new at first, then ended.
        let asked = Mutex(0)
        let answer: @Sendable (String) -> FakeSlurmrestd.Answer = { line in
            guard line.contains("/slurm/") else { return .json(#"{"jobs": [], "errors": []}"#) }
            return asked.withLock { count in
                count += 1
                switch count {
                case 1: return .json(line.contains("update_time") ? "no time was told yet" : Self.queue("RUNNING", updated: 500))
                case 2, 3: return .json(line.contains("update_time=uts490") ? Self.queue("", updated: 0) : "the time is wrong")
                case 4: return .json(Self.queue("COMPLETED", updated: 600))
                default: return .json(Self.queue("", updated: 700))
                }
            }
        }
        try await FakeSlurmrestd.with(answer) { fake in
            let slurm = slurm(fake.url)
            var states: [[String]] = []
            for _ in 1...5 { states.append(try await slurm.jobs(JobQuery(), as: user).map(\.status.state)) }
            #expect(states == [["RUNNING"], ["RUNNING"], ["RUNNING"], ["COMPLETED"], []])
        }
    }

    @Test("a remembered list is its user's alone, and what is remembered has a limit")
    func remembered() {
        func queue(_ count: Int, _ time: Int) -> RememberedQueues.Queue {
            RememberedQueues.Queue(jobs: Array(repeating: .blank, count: count), time: time)
        }
        let queues = RememberedQueues(capacity: 10)
        let ada = RememberedQueues.Key(user: "ada", allUsers: false)
        queues.remember(queue(4, 2), of: ada)
        #expect(queues[ada]?.jobs.count == 4)
        #expect(queues[RememberedQueues.Key(user: "ada", allUsers: true)] == nil)
        #expect(queues[RememberedQueues.Key(user: "bob", allUsers: false)] == nil)
        queues.remember(queue(1, 1), of: ada)
        #expect(queues[ada]?.time == 2)
        queues.remember(queue(5, 3), of: ada)
        #expect(queues[ada]?.time == 3)
        queues.remember(queue(6, 1), of: RememberedQueues.Key(user: "bob", allUsers: false))
        #expect(queues[ada] == nil)
        queues.remember(queue(10, 4), of: ada)
        #expect(queues[ada] == nil)
    }

    @Test("a query that is cancelled ends at once", .timeLimit(.minutes(5)))
    func cancellation() async throws {
        try await FakeSlurmrestd.with({ _ in .silence }) { fake in
            let slurm = slurm(fake.url, timeout: .seconds(3600))
            let query = Task { try await slurm.jobs(JobQuery(), as: user) }
            while fake.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            query.cancel()
            await #expect(throws: CancellationError.self) { try await query.value }
        }
    }

    // MARK: - What cannot be done

    @Test("what slurmrestd cannot do is 501 with the way out")
    func impossible() async throws {
        let slurm = slurm("http://127.0.0.1:1")
        let old = self.slurm("http://127.0.0.1:1", version: "0.0.40")
        let job = try JobID("7")
        let task = try JobID("7_1")
        let attempts: [() async throws -> Void] = [
            { try await slurm.attach("true", to: job, as: user) }, { _ = try await slurm.metadata(of: job, as: user) },
            { try await slurm.change(job, by: .requeue, as: user) }, { try await old.cancel(task, as: user) },
        ]
        for attempt in attempts {
            let error = await #expect(throws: APIError.self) { try await attempt() }
            #expect(error?.status == .notImplemented)
            #expect(error?.message.contains("hybrid") == true)
        }
    }
}
