import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import ComputeService

@Suite("Slurm's commands when something is wrong")
struct SlurmCLITests {
    private let user = SSHUser(name: "ada", token: "")

    private func slurm(_ programs: [String: String], timeout: Duration = .seconds(60), log: LogRecord = LogRecord()) throws -> SlurmCLI {
        SlurmCLI(shell: try LocalShell(programs), timeout: timeout, logger: Logger(label: "test") { _ in log })
    }

    /// Prints one row with the separator that it is told.
    private static let oneQueued = #"""
        for argument; do case $argument in --Format=*) separator=${argument##*:} ;; esac; done
        for field in 7 1 local ada myproject job vm part01 1 RUNNING None 0:26 1 1 1 1:00 ada /home/ada 0; do printf '%s%s' "$field" "$separator"; done
        echo
        """#

    private static let oneAccounted = #"""
        for argument; do case $argument in --delimiter=*) separator=${argument#*=} ;; esac; done
        for field in 8 1 local 0:0 ada myproject job vm part01 1 COMPLETED None 1 1 1 2 00:00:00 60 ada /home/ada 1000; do printf '%s%s' "$field" "$separator"; done
        echo
        """#

    private static let failing = "echo 'error: Connection refused' >&2; exit 1"

    @Test("with accounting down the jobs of the queue are told")
    func accountingDown() async throws {
        let jobs = try await slurm(["squeue": Self.oneQueued, "sacct": Self.failing]).jobs(JobQuery(), as: user)
        #expect(jobs.map(\.jobId) == ["7"])
    }

    @Test("with the controller down the jobs of accounting are told")
    func controllerDown() async throws {
        let jobs = try await slurm(["squeue": Self.failing, "sacct": Self.oneAccounted]).jobs(JobQuery(), as: user)
        #expect(jobs.map(\.jobId) == ["8"])
    }

    @Test("with both down the answer is 503")
    func bothDown() async throws {
        let slurm = try slurm(["squeue": Self.failing, "sacct": Self.failing])
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.jobs(JobQuery(), as: user) }
        #expect(error?.apiError.status == .serviceUnavailable)
    }

    @Test("with accounting hanging the jobs of the queue are told when the time is up")
    func accountingHangs() async throws {
        let jobs = try await slurm(["squeue": Self.oneQueued, "sacct": "exec sleep 60"], timeout: .seconds(2)).jobs(JobQuery(), as: user)
        #expect(jobs.map(\.jobId) == ["7"])
    }

    @Test("a job that the controller has forgotten and accounting cannot tell of is no 404")
    func forgotten() async throws {
        let slurm = try slurm(["squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "sacct": Self.failing])
        let job = try JobID("5")
        await #expect(throws: SlurmRefusal.self) { try await slurm.jobs(JobQuery(job), as: user) }
    }

    @Test("where there is no accounting, a job that the controller has forgotten is unknown")
    func noAccounting() async throws {
        let slurm = try slurm([
            "squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1",
            "sacct": "echo 'Slurm accounting storage is disabled' >&2; exit 1",
        ])
        let job = try JobID("5")
        #expect(try await slurm.jobs(JobQuery(job), as: user).isEmpty)
    }

    @Test("where there is no accounting the log says so once, and it is not asked again")
    func accountingOff() async throws {
        let log = LogRecord()
        let slurm = try slurm(
            [
                "squeue": Self.oneQueued, "count": #"wc -l <"${0%/*}/asked""#,
                "sacct": #"echo 'Slurm accounting storage is disabled' >&2; echo x >>"${0%/*}/asked"; exit 1"#,
            ], log: log)
        for _ in 1...3 { #expect(try await slurm.jobs(JobQuery(), as: user).map(\.jobId) == ["7"]) }
        #expect(log.messages == ["Slurm keeps no accounting here: ended jobs show only until the controller forgets them"])
        let asked = try await slurm.run(RemoteCommand("count"), as: user).requireSuccess()
        #expect(String(buffer: asked) == "1\n")
    }

    @Test("a failing part of a query is logged each time")
    func failuresLogged() async throws {
        let log = LogRecord()
        let slurm = try slurm(["squeue": Self.oneQueued, "sacct": Self.failing], log: log)
        for _ in 1...2 { _ = try await slurm.jobs(JobQuery(), as: user) }
        #expect(log.messages == ["a query of jobs failed", "a query of jobs failed"])
    }

    @Test("that accounting is missing is remembered for a while")
    func presence() {
        let presence = AccountingPresence()
        let now = ContinuousClock.now
        #expect(presence.isExpected(now: now))
        #expect(presence.noteMissing(now: now))
        #expect(!presence.isExpected(now: now))
        #expect(presence.isExpected(now: now + AccountingPresence.memory))
        #expect(!presence.noteMissing(now: now + AccountingPresence.memory))
        #expect(!presence.isExpected(now: now + AccountingPresence.memory))
    }

    @Test("who a user is can be told without their accounts")
    func accounts() async throws {
        #expect(try await slurm(["sacctmgr": Self.failing]).accounts(of: user) == nil)
    }

    @Test("a hanging scheduler is 504")
    func hanging() async throws {
        let slurm = try slurm(["sinfo": "exec sleep 60"], timeout: .seconds(1))
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.probe(as: user) }
        #expect(error?.apiError.status == .gatewayTimeout)
    }

    @Test("an ended job of another user that the controller has forgotten is not theirs to cancel")
    func foreignEnded() async throws {
        let slurm = try slurm([
            "scancel": "echo 'scancel: error: Kill job error on job id 8: Invalid job id specified' >&2",
            "squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "sacct": Self.oneAccounted,
        ])
        let job = try JobID("8")
        try await slurm.cancel(job, as: user)
        let error = await #expect(throws: APIError.self) { try await slurm.cancel(job, as: SSHUser(name: "bob", token: "")) }
        #expect(error?.status == .forbidden)
        await #expect(throws: JobID.notFound) { try await slurm.cancel(try JobID("9"), as: user) }
    }

    // MARK: - Changes

    @Test(
        "what a job cannot be changed to has its status",
        arguments: [
            ("22.05/hold_finished", 409), ("22.05/hold_foreign", 403), ("22.05/hold_task_foreign", 403), ("22.05/requeue_disabled", 409),
            ("22.05/requeue_foreign", 403), ("24.11/hold_finished", 409), ("24.11/hold_foreign", 403), ("24.11/hold_task_foreign", 403),
            ("24.11/requeue_disabled", 409), ("24.11/requeue_foreign", 403),
        ])
    func changes(_ name: String, _ status: Int) async throws {
        let words = String(buffer: try Fixture.bytes("slurm-\(name).stderr"))
        let slurm = try slurm(["scontrol": "cat >&2 <<'END'\n\(words)END\nexit 1"])
        let job = try JobID("35")
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.change(job, by: .hold, as: user) }
        #expect(error?.apiError.status.code == status)
    }

    @Test("a job that the controller does not know cannot be changed: it never was, or has ended", arguments: ["22.05", "24.11"])
    func changesOfUnknown(_ version: String) async throws {
        for name in ["hold_unknown", "release_unknown_task"] {
            let words = String(buffer: try Fixture.bytes("slurm-\(version)/\(name).stderr"))
            let slurm = try slurm([
                "scontrol": "cat >&2 <<'END'\n\(words)END\nexit 1", "sacct": Self.oneAccounted,
                "squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1",
            ])
            await #expect(throws: JobID.notFound) { try await slurm.change(try JobID("999999"), by: .release, as: user) }
            let error = await #expect(throws: APIError.self) { try await slurm.change(try JobID("8"), by: .release, as: user) }
            #expect(error?.status == .conflict)
        }
    }

    @Test("an id with a limit of tasks is given to the commands without it")
    func limitedRange() async throws {
        let slurm = try slurm(["scontrol": #"[ "$*" = 'requeue 12_[3-9]' ]"#])
        try await slurm.change(try JobID("12_[3-9%2]"), by: .requeue, as: user)
    }

    // MARK: - Metadata

    @Test("what the controller has forgotten is told from accounting, with the paths where it keeps them")
    func accountedMetadata() async throws {
        let files = Self.program(printing: "slurm-24.11/sacct_files.stdout")
        let sacct = """
            case $* in
            *--batch-script*) printf 'Batch Script for 3_1\\n---\\n#!/bin/sh\\n' ;;
            *StdOut*) \(files) ;;
            *) exit 1 ;;
            esac
            """
        let slurm = try slurm(["scontrol": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "sacct": sacct])
        let path = "/home/fireuser/pat dir/arr-3_0001.txt"
        #expect(
            try await slurm.metadata(of: try JobID("3_1"), as: user) == [
                JobMetadata(jobId: "3_1", script: "#!/bin/sh\n", standardInput: "/dev/null", standardOutput: path, standardError: path)
            ])
        await #expect(throws: JobID.notFound) { try await slurm.metadata(of: try JobID("99"), as: user) }
    }

    @Test("a version whose accounting knows no paths still knows the job")
    func accountedMetadataWithoutPaths() async throws {
        let refusal = String(buffer: try Fixture.bytes("slurm-22.05/sacct_files.stderr"))
        let sacct = """
            case $* in
            *--batch-script*) exit 1 ;;
            *StdOut*) echo '\(refusal)' >&2; exit 1 ;;
            *) \(Self.program(printing: "slurm-22.05/sacct_jobs.stdout")) ;;
            esac
            """
        let slurm = try slurm(["scontrol": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "sacct": sacct])
        #expect(
            try await slurm.metadata(of: try JobID("35"), as: user) == [
                JobMetadata(jobId: "35", script: nil, standardInput: nil, standardOutput: nil, standardError: nil)
            ])
    }

    @Test("a controller that is down is no missing job")
    func metadataWithoutController() async throws {
        let slurm = try slurm(["scontrol": "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1"])
        let job = try JobID("35")
        let error = await #expect(throws: SlurmRefusal.self) { try await slurm.metadata(of: job, as: user) }
        #expect(error?.apiError.status == .serviceUnavailable)
    }

    /// A command that prints a recorded output with the separator that it is told.
    private static func program(printing fixture: String) -> String {
        let text = (try? Fixture.bytes(fixture)).map { String(buffer: $0) } ?? ""
        let rows = text.replacing(Fixture.separator.text, with: "@@").replacing("'", with: "")
        return """
            for argument; do case $argument in --delimiter=*) separator=${argument#*=} ;; esac; done
            rows='\(rows)'; printf '%s' "${rows//@@/$separator}"
            """
    }
}
