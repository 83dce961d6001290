import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore
import Testing

@testable import ComputeService

@Suite("OpenPBS's commands, which print what real ones printed")
struct OpenPBSTests {
    private let user = RecordedPBS.user

    private func status(_ body: () async throws -> some Any) async -> HTTPResponse.Status? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? any APIErrorConvertible)?.apiError.status
        }
    }

    private func submission() throws -> JobSubmission {
        JobSubmission(script: .text("echo hi\n"), workingDirectory: try AbsolutePath(normalising: "/tmp"))
    }

    @Test("a job is submitted")
    func submit() async throws {
        let pbs = try RecordedPBS.scheduler(["qsub": RecordedPBS.program("qsub_ok", arguments: "-f")])
        #expect(try await pbs.submit(try submission(), as: user) == "7")
    }

    @Test("a job for an unknown queue is refused")
    func submitToUnknownQueue() async throws {
        let pbs = try RecordedPBS.scheduler(["qsub": RecordedPBS.program("qsub_bad_queue", arguments: "-f -q nope")])
        var job = try submission()
        job.partition = "nope"
        #expect(await status { try await pbs.submit(job, as: user) } == .badRequest)
    }

    @Test("a job in a directory that is not there is refused")
    func submitToNowhere() async throws {
        let pbs = try RecordedPBS.scheduler(["qsub": RecordedPBS.program("qsub_ok", arguments: "-f")])
        var job = try submission()
        job.workingDirectory = try AbsolutePath(normalising: "/nonexistent")
        #expect(await status { try await pbs.submit(job, as: user) } == .badRequest)
    }

    @Test("a qsub that prints no id is an error")
    func noID() async throws {
        let pbs = try RecordedPBS.scheduler(["qsub": "echo hello"])
        #expect(await status { try await pbs.submit(try submission(), as: user) } == .internalServerError)
    }

    @Test("all jobs are listed, with times in UTC")
    func list() async throws {
        let program = try RecordedPBS.program("qstat_jobs", arguments: "-f -F json -t -x")
        let pbs = try RecordedPBS.scheduler(["qstat": "[ \"$TZ\" = UTC ] || exit 98\n\(program)"])
        #expect(try await pbs.jobs(JobQuery(timeWindow: .week), as: user).count == 7)
        #expect(try await pbs.jobs(JobQuery(timeWindow: .week), as: SSHUser(name: "bob", token: "")).isEmpty)
    }

    @Test("a job is found by its id, an array with its subjobs")
    func find() async throws {
        let one = try RecordedPBS.scheduler(["qstat": RecordedPBS.program("qstat_one", arguments: "-f -F json -t -x 2")])
        #expect(try await one.jobs(JobQuery(try JobID("2")), as: user).map(\.name) == ["longjob"])
        let array = try RecordedPBS.scheduler(["qstat": RecordedPBS.program("qstat_array_t", arguments: "-f -F json -t -x 3[]")])
        #expect(try await array.jobs(JobQuery(try JobID("3[]")), as: user).map(\.jobId) == ["3[]", "3[1]", "3[2]", "3[3]"])
    }

    @Test("an unknown job is none")
    func unknown() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": RecordedPBS.program("qstat_unknown", arguments: "-f -F json -t -x 99999")])
        #expect(try await pbs.jobs(JobQuery(try JobID("99999")), as: user).isEmpty)
    }

    @Test("of several jobs those are told that are known and may be seen")
    func several() async throws {
        let known = RecordedPBS.text("qstat_one", "stdout")
        let words = RecordedPBS.text("qstat_unknown", "stderr") + "qstat: Unauthorized Request  8.vm\n"
        let pbs = try RecordedPBS.scheduler(["qstat": "cat <<'end'\n\(known)\nend\nprintf '%s' '\(words)' >&2; exit 153"])
        #expect(try await pbs.jobs(JobQuery(ids: [try JobID("2"), try JobID("99999")]), as: user).map(\.jobId) == ["2"])
    }

    @Test("a thousand unknown jobs are none")
    func manyUnknown() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": "for job; do echo \"qstat: Unknown Job Id $job.server.example.org\" >&2; done; exit 153"])
        let ids = try (1...1000).map { try JobID("\($0 + 1_000_000)") }
        #expect(try await pbs.jobs(JobQuery(ids: ids), as: user).isEmpty)
    }

    @Test("a job that may not be seen is not unknown")
    func foreign() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": "echo 'qstat: Unauthorized Request  7.vm' >&2; exit 159"])
        #expect(await status { try await pbs.jobs(JobQuery(try JobID("7")), as: user) } == .forbidden)
    }

    @Test("where the server keeps no history the others are told")
    func noHistory() async throws {
        let pbs = try RecordedPBS.scheduler([
            "qstat": """
                case "$*" in *-x*) echo 'qstat: PBS is not configured to maintain job history ' >&2; exit 36 ;; esac
                \(try RecordedPBS.program("qstat_one", arguments: "-f -F json -t 2"))
                """
        ])
        #expect(try await pbs.jobs(JobQuery(try JobID("2")), as: user).count == 1)
    }

    @Test("metadata are those of the job alone")
    func metadata() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": RecordedPBS.program("qstat_array", arguments: "-f -F json -x 3[]")])
        #expect(
            try await pbs.metadata(of: try JobID("3[]"), as: user) == [
                JobMetadata(
                    jobId: "3[]", script: nil, standardInput: nil, standardOutput: "/home/fireuser/arr.sh.o3.^array_index^",
                    standardError: "/home/fireuser/arr.sh.e3.^array_index^")
            ])
    }

    @Test("metadata of an unknown job are 404")
    func unknownMetadata() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": RecordedPBS.program("qstat_unknown", arguments: "-f -F json -x 99999")])
        #expect(await status { try await pbs.metadata(of: try JobID("99999"), as: user) } == .notFound)
    }

    @Test("a job is cancelled, an unknown one is 404")
    func cancel() async throws {
        let pbs = try RecordedPBS.scheduler(["qdel": "[ \"$*\" = '7[3].vm' ]"])
        try await pbs.cancel(try JobID("7[3].vm"), as: user)
        let unknown = try RecordedPBS.scheduler(["qdel": RecordedPBS.program("qdel_unknown", arguments: "99999")])
        #expect(await status { try await unknown.cancel(try JobID("99999"), as: user) } == .notFound)
    }

    @Test("an ended job is cancelled if it is one's own")
    func cancelEnded() async throws {
        let pbs = try RecordedPBS.scheduler([
            "qdel": "echo \"qdel: Job has finished $1.vm\" >&2; exit 35", "qstat": RecordedPBS.program("qstat_one", arguments: "-f -F json -t -x 2"),
        ])
        try await pbs.cancel(try JobID("2"), as: user)
        #expect(await status { try await pbs.cancel(try JobID("2"), as: SSHUser(name: "bob", token: "")) } == .forbidden)
    }

    @Test("another user's job is not one's own to cancel")
    func cancelForeign() async throws {
        let pbs = try RecordedPBS.scheduler(["qdel": "echo 'qdel: Unauthorized Request  7.vm' >&2; exit 159"])
        #expect(await status { try await pbs.cancel(try JobID("7"), as: user) } == .forbidden)
    }

    @Test("jobs are held, released and requeued", arguments: zip([JobChange.hold, .release, .requeue], ["qhold", "qrls", "qrerun"]))
    func changes(_ change: JobChange, _ program: String) async throws {
        let job = try JobID("7")
        try await RecordedPBS.scheduler([program: "[ \"$*\" = 7 ]"]).change(job, by: change, as: user)
        let denied = try RecordedPBS.scheduler([program: "echo '\(program): Unauthorized Request  7.vm' >&2; exit 159"])
        #expect(await status { try await denied.change(job, by: change, as: user) } == .forbidden)
        let unknown = try RecordedPBS.scheduler([program: "echo '\(program): Unknown Job Id 7.vm' >&2; exit 153"])
        #expect(await status { try await unknown.change(job, by: change, as: user) } == .notFound)
    }

    @Test("attaching is not possible")
    func attach() async throws {
        let pbs = try RecordedPBS.scheduler([:])
        #expect(await status { try await pbs.attach("id", to: try JobID("7"), as: user) } == .notImplemented)
    }

    @Test("nodes, queues and reservations are told, accounts are not")
    func system() async throws {
        let pbs = try RecordedPBS.scheduler([
            "pbsnodes": RecordedPBS.program("pbsnodes", arguments: "-a -F json"), "qstat": RecordedPBS.program("qstat_queues", arguments: "-Q -f -F json"),
            "pbs_rstat": RecordedPBS.program("pbs_rstat_F", arguments: "-F"),
        ])
        #expect(try await pbs.nodes(as: user).map(\.name) == ["vm"])
        #expect(try await pbs.partitions(includesHidden: false, as: user).map(\.name) == ["workq", "long"])
        #expect(try await pbs.reservations(as: user).map(\.name) == ["R10"])
        #expect(try await pbs.accounts(of: user) == nil)
    }

    @Test("a server that works is healthy")
    func probe() async throws {
        let pbs = try RecordedPBS.scheduler([
            "qstat": RecordedPBS.program("qstat_server", arguments: "-B -f -F json"), "pbsnodes": RecordedPBS.program("pbsnodes", arguments: "-a -F json"),
        ])
        #expect(try await pbs.probe(as: user) == ProbeAnswer(message: nil, nodes: ServiceHealth.Nodes(available: 1, total: 1)))
    }

    @Test("a server that is down or about to be is not")
    func downProbe() async throws {
        let nodes = try RecordedPBS.program("pbsnodes", arguments: "-a -F json")
        let down = try RecordedPBS.scheduler(["qstat": "echo 'qstat: cannot connect to server vm (errno=111)' >&2; exit 111", "pbsnodes": nodes])
        #expect(await status { try await down.probe(as: user) } == .serviceUnavailable)
        let ending = try RecordedPBS.program("qstat_server", arguments: "-B -f -F json").replacing("\"Active\"", with: "\"Terminating\"")
        #expect(await status { try await RecordedPBS.scheduler(["qstat": ending, "pbsnodes": nodes]).probe(as: user) } == .serviceUnavailable)
    }

    @Test("a server that hangs is 504")
    func hanging() async throws {
        let pbs = try RecordedPBS.scheduler(["qstat": "exec sleep 60"], timeout: .seconds(1))
        #expect(await status { try await pbs.jobs(JobQuery(), as: user) } == .gatewayTimeout)
        #expect(await status { try await pbs.probe(as: user) } == .gatewayTimeout)
    }
}
