import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import Logging
import NIOCore
import Testing

@testable import ComputeService

@Suite("Slurm's commands when something is wrong")
struct SlurmCLITests {
    private let user = SSHUser(name: "ada", token: "")

    private func slurm(_ programs: [String: String], timeout: Duration = .seconds(20)) throws -> SlurmCLI {
        SlurmCLI(shell: try LocalShell(programs), timeout: timeout, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Prints one row with the separator that it is told.
    private static let oneQueued = #"""
        for argument; do case $argument in --Format=*) separator=${argument##*:} ;; esac; done
        for field in 7 1 local ada myproject job vm part01 1 RUNNING None 0:26 1 1 1 1:00 ada /home/ada 0; do printf '%s%s' "$field" "$separator"; done
        echo
        """#

    private static let oneAccounted = #"""
        for argument; do case $argument in --delimiter=*) separator=${argument#*=} ;; esac; done
        for field in 8 1 local 0:0 ada myproject job vm part01 1 COMPLETED None 1 1 1 2 00:00:00 60 ada /home/ada; do printf '%s%s' "$field" "$separator"; done
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
        await #expect(throws: SlurmRefusal.self) { try await slurm.jobs(JobQuery(job: job), as: user) }
    }

    @Test("where there is no accounting, a job that the controller has forgotten is unknown")
    func noAccounting() async throws {
        let slurm = try slurm([
            "squeue": "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1",
            "sacct": "echo 'Slurm accounting storage is disabled' >&2; exit 1",
        ])
        let job = try JobID("5")
        #expect(try await slurm.jobs(JobQuery(job: job), as: user).isEmpty)
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
}
