import FoundationEssentials
import GoldcrestProtocol
import GoldcrestShell

/// The batch script of a transfer's job. It exits with the status of its command.
struct TransferJobScript {
    /// What marks the jobs of transfers, in a job's name and comment, in front of the task's id.
    private static let marker = "goldcrest-transfer-"

    /// How the job of a task is called; by it the reconciler finds a job whose id was never written down.
    static func jobName(of taskID: UUID) -> String { marker + taskID.uuidString.lowercased() }

    static func isJobName(_ name: String) -> Bool { name.hasPrefix(marker) }

    let taskID: UUID
    /// Lines for the scheduler from the configuration, the account filled in.
    let directives: [String]
    let command: RemoteCommand
    /// What the output log says at the end of a success; pyfirecrest looks for `Files were successfully` or `File was successfully` in it.
    let successMessage: String

    /// The script. Its lines for the scheduler come before its first command, behind which none counts as one any more (sbatch(1)).
    ///
    /// - Throws: `InvalidCommand` if the command has no text.
    func text() throws -> String {
        """
        #!/bin/bash
        #SBATCH --comment=\(Self.jobName(of: taskID))
        \(directives.map { "\($0)\n" }.joined())
        \(try command.shellText())
        status=$?
        if [ "$status" -eq 0 ]; then
            \(try RemoteCommand("echo", successMessage).shellText())
        else
            echo "The command failed with exit status $status." >&2
        fi
        exit "$status"

        """
    }
}
