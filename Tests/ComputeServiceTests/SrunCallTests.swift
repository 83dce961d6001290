import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import ComputeService

@Suite("a command beside a running job")
struct SrunCallTests {
    private let user = SSHUser(name: "fireuser", token: "")

    /// Stands in for srun: runs the command that it is given here.
    private static let local = #"while [[ $1 == --* ]]; do shift; done; exec "$@""#

    private func slurm(_ job: String = "22.05/scontrol_running", srun: String = Self.local, timeout: Duration = .seconds(60)) throws -> SlurmCLI {
        let shown = String(buffer: try Fixture.bytes("slurm-\(job).stdout"))
        return try slurm(["scontrol": "cat <<'END'\n\(shown)END", "srun": srun], timeout: timeout)
    }

    private func slurm(_ programs: [String: String], timeout: Duration = .seconds(60)) throws -> SlurmCLI {
        SlurmCLI(shell: try LocalShell(programs), timeout: timeout, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test("a command that ends well or goes on is a success", arguments: ["true", "exec sleep 90", "echo hello; exec sleep 90"])
    func success(_ command: String) async throws {
        let start = ContinuousClock.now
        try await slurm().attach(command, to: try JobID("29"), as: user)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("a command that goes on may say what it wants afterwards")
    func goesOn() async throws {
        let slurm = try slurm()
        // It writes more than a pipe holds, after nobody waits for it any more.
        try await slurm.attach(
            "sleep 2; head -c 200000 /dev/zero | tr '\\0' x >&2 && touch \"$(dirname \"$(type -P srun)\")/done\"; exec sleep 5", to: try JobID("29"), as: user)
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !slurm.run(RemoteCommand("bash", "-c", #"[ -e "$(dirname "$(type -P srun)")/done" ]"#), as: user).isSuccess {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    @Test(
        "a command that fails at once is 400 with its words",
        arguments: [
            ("echo 'it is broken' >&2; exit 7", "exit status:7 and error message:it is broken"), ("nonsense", "nonsense: command not found"),
            ("exit 124", "exit status:124"),
        ])
    func failure(_ command: String, _ words: String) async throws {
        let slurm = try slurm()
        let job = try JobID("29")
        let error = await #expect(throws: APIError.self) { try await slurm.attach(command, to: job, as: user) }
        #expect(error?.status == .badRequest)
        #expect(error?.message.contains(words) == true)
        #expect(error?.message.contains("goldcrest-") == false)
    }

    @Test("the command is one argument, whatever is in it")
    func quoting() async throws {
        let slurm = try slurm(srun: #"echo "${@: -1}" >&2; exit 1"#)
        let command = #"echo "a'b"; $(touch /tmp/x) | & \ %s"# + "\n second"
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.attach(command, to: try JobID("29"), as: user) }
        #expect(error?.apiError.message.hasSuffix(command) == true)
    }

    @Test("srun is told the job's own number, whichever id the caller has")
    func numbers() async throws {
        let echoing = #"echo "$*" >&2; exit 1"#
        for (fixture, id, option) in [
            ("22.05/scontrol_running", "29", "--jobid=29 "), ("22.05/scontrol_tasks", "30_2", "--jobid=32 "), ("24.11/scontrol_tasks", "3_1", "--jobid=4 "),
        ] {
            let slurm = try slurm(fixture, srun: echoing)
            let error = await #expect(throws: SlurmRefusal.self) { try await slurm.attach("true", to: try JobID(id), as: user) }
            #expect(error?.apiError.message.contains(option) == true)
            #expect(error?.apiError.message.contains("--overlap") == true)
        }
    }

    @Test("a part of a heterogeneous job is meant by its leader and its place")
    func parts() async throws {
        let shown = String(buffer: try Fixture.bytes("slurm-22.05/scontrol_het.stdout")).replacing("JobState=PENDING", with: "JobState=RUNNING")
        let slurm = try slurm(["scontrol": "cat <<'END'\n\(shown)END", "srun": #"echo "$*" >&2; exit 1"#])
        for (id, option) in [("33+1", "--jobid=33 --het-group=1"), ("33", "--jobid=33 --het-group=0")] {
            let error = await #expect(throws: SlurmRefusal.self) { try await slurm.attach("true", to: try JobID(id), as: user) }
            #expect(error?.apiError.message.contains(option) == true)
        }
    }

    @Test(
        "what srun refuses has its status",
        arguments: [
            ("22.05/srun_finished", 409), ("22.05/srun_foreign", 403), ("22.05/srun_pending", 409), ("22.05/srun_unknown", 404),
            ("24.11/srun_finished", 409), ("24.11/srun_foreign", 403), ("24.11/srun_pending", 409), ("24.11/srun_unknown", 404),
        ])
    func refused(_ name: String, _ status: Int) async throws {
        let words = String(buffer: try Fixture.bytes("slurm-\(name).stderr"))
        let slurm = try slurm(srun: "cat >&2 <<'END'\n\(words)END\nexit 1")
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.attach("true", to: try JobID("29"), as: user) }
        #expect(error?.apiError.status.code == status)
        #expect(error?.apiError.message.hasSuffix(words.trimmingSuffix(while: { $0 == "\n" })) == true)
    }

    @Test("a job that waits is 409 with the reason; of an array with several running tasks one must be named")
    func notRunning() async throws {
        let waiting = await #expect(throws: APIError.self) { try await slurm("24.11/scontrol_held").attach("true", to: try JobID("1"), as: user) }
        #expect(waiting?.status == .conflict)
        #expect(waiting?.message == "The job 1 is pending: JobHeldUser")
        let range = await #expect(throws: APIError.self) { try await slurm("24.11/scontrol_tasks").attach("true", to: try JobID("3_[3-6]"), as: user) }
        #expect(range?.status == .conflict)
        let array = await #expect(throws: APIError.self) { try await slurm("24.11/scontrol_tasks").attach("true", to: try JobID("3"), as: user) }
        #expect(array?.status == .badRequest)
        #expect(array?.message.contains("3_2, 3_1") == true)
    }

    @Test("an unknown job is 404")
    func unknown() async throws {
        let slurm = try slurm([
            "scontrol": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1",
            "squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "sacct": "exit 0",
        ])
        await #expect(throws: JobID.notFound) { try await slurm.attach("true", to: try JobID("5"), as: user) }
    }

    @Test("an srun that starts nothing in time is ended, and the answer is 504")
    func hanging() async throws {
        let slurm = try slurm(srun: #"exec sleep 60"#, timeout: .seconds(2))
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.attach("true", to: try JobID("29"), as: user) }
        #expect(error?.apiError.status == .gatewayTimeout)
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        self[..<(lastIndex { !predicate($0) }.map { index(after: $0) } ?? startIndex)]
    }
}
