import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestShell

/// The batch script of a transfer's job. It exits with the status of its work.
struct TransferJobScript {
    /// What marks the jobs of transfers, in a job's name and comment, in front of the task's id.
    private static let marker = "goldcrest-transfer-"

    /// How the job of a task is called; by it the reconciler finds a job whose id was never written down.
    static func jobName(of taskID: UUID) -> String { marker + taskID.uuidString.lowercased() }

    static func isJobName(_ name: String) -> Bool { name.hasPrefix(marker) }

    let taskID: UUID
    let scheduler: Cluster.Scheduler.Kind
    /// Lines for the scheduler from the configuration, the account filled in.
    let directives: [String]
    let work: TransferJobWork

    /// The script. Its lines for the scheduler come before its first command, behind which none counts as one any more (sbatch(1), qsub(1B)).
    ///
    /// - Throws: `InvalidCommand` if the work has no text.
    func text() throws -> String {
        """
        #!/bin/bash
        \((comment + directives).map { "\($0)\n" }.joined())
        (
        \(try work.script.text())
        ) </dev/null
        status=$?
        if [ "$status" -eq 0 ]; then
            \(try RemoteCommand("echo", work.successMessage).shellText())
        else
            echo "The transfer failed with exit status $status." >&2
        fi
        exit "$status"

        """
    }

    /// PBS has no comment that a user may give.
    private var comment: [String] {
        scheduler == .slurm ? ["#SBATCH --comment=\(Self.jobName(of: taskID))"] : []
    }
}
