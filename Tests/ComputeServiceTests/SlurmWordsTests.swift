import GoldcrestProtocol
import GoldcrestSSH
import HTTPTypes
import NIOCore
import Testing

@testable import ComputeService

@Suite("what Slurm says on standard error")
struct SlurmWordsTests {
    @Test(
        "a refusal of what the caller asked is 400, in Slurm's words",
        arguments: [
            "22.05/sbatch_partition", "22.05/sbatch_account", "22.05/sbatch_reservation", "22.05/sbatch_constraint", "22.05/sbatch_no_shebang",
            "22.05/sbatch_empty", "22.05/sbatch_dos", "22.05/sbatch_missing_script", "22.05/sbatch_option", "22.05/sbatch_time", "22.05/sbatch_name",
            "22.05/sbatch_qos", "24.11/sbatch_bad_partition", "24.11/sbatch_nodes", "24.11/sbatch_cpus", "24.11/sbatch_qos",
        ])
    func refusals(_ name: String) throws {
        let result = try Fixture.failure("slurm-\(name).stderr")
        let error = SlurmRefusal(result).apiError
        #expect(error.status == .badRequest)
        #expect(error.message.hasPrefix("Remote process failed with exit status:1 and error message:sbatch: "))
    }

    @Test("a limit of an account or a QOS is 403, in Slurm's words", arguments: ["22.05/sbatch_limit", "24.11/sbatch_limit", "24.11/sbatch_qos_limit"])
    func limits(_ name: String) throws {
        let error = SlurmRefusal(try Fixture.failure("slurm-\(name).stderr")).apiError
        #expect(error.status == .forbidden)
        #expect(error.message.contains("Job violates accounting/QOS policy"))
    }

    @Test(
        "each kind of failure has its status",
        arguments: [
            ("sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy", 403),
            ("sbatch: error: AssocMaxSubmitJobLimit", 403),
            ("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", 403),
            ("sbatch: error: Batch job submission failed: Requested node configuration is not available", 400),
            ("sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)", 400),
            ("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", 503),
            ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", 504),
            ("sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:localhost:6819: Connection refused", 503),
            ("sbatch: fatal: Unable to process configuration file", 503),
            ("scontrol_print_job error: Invalid job id specified", 404),
            ("srun: error: Slurm job 35 has expired", 409),
            ("srun: error: Unable to confirm allocation for job 28: Job is pending execution", 409),
            ("srun: error: Unable to create step for job 29: Access/permission denied", 403),
            ("srun: error: Unable to create step for job 29: Requested nodes are busy", 409),
            ("sbatch: error: Batch job submission failed: Unspecified error", 500),
            ("", 500),
        ])
    func statuses(_ words: String, _ status: Int) {
        let result = RemoteResult(exitStatus: 1, standardError: ByteBuffer(string: words))
        #expect(SlurmRefusal(result).apiError.status.code == status)
    }

    @Test("a command that used up its time is 504")
    func timeout() {
        #expect(SlurmRefusal(RemoteResult(exitStatus: 124)).apiError.status == .gatewayTimeout)
    }

    @Test(
        "scancel's outcome is in its words",
        arguments: [
            ("22.05/scancel_ok", 0, ScancelOutcome.cancelled), ("22.05/scancel_finished", 0, .cancelled), ("22.05/scancel_foreign", 210, .denied),
            ("22.05/scancel_component", 60, .failed), ("24.11/scancel_component", 60, .failed), ("24.11/scancel_foreign", 210, .denied),
            ("24.11/scancel_finished", 0, .cancelled),
            ("22.05/scancel_unknown", 0, .unknownToController), ("22.05/scancel_het", 58, .unknownToController),
            ("24.11/scancel_unknown", 0, .unknownToController), ("24.11/scancel_other", 0, .unknownToController),
        ])
    func cancellation(_ name: String, _ exitStatus: Int, _ outcome: ScancelOutcome) throws {
        #expect(ScancelOutcome(try Fixture.failure("slurm-\(name).stderr", exitStatus: exitStatus)) == outcome)
    }

    @Test("a scancel that fails for another reason is a failure")
    func failedCancellation() {
        let words = "scancel: error: slurm_kill_job2: Unable to contact slurm controller (connect failure)"
        #expect(ScancelOutcome(RemoteResult(exitStatus: 1, standardError: ByteBuffer(string: words))) == .failed)
        #expect(ScancelOutcome(RemoteResult(exitStatus: 127, standardError: ByteBuffer(string: "bash: scancel: command not found"))) == .failed)
    }
}
