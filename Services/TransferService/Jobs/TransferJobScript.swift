import FoundationEssentials
import GoldcrestConfiguration
import GoldcrestProtocol
import GoldcrestShell

/// The batch script of a transfer's job. It exits with the status of its work.
struct TransferJobScript {
    /// What marks the jobs of transfers, in a job's name and comment, in front of the task's id.
    static let marker = "goldcrest-transfer-"

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
    /// The work is a function, because bash writes the text of a subshell that a signal ended to the log, and there may be secrets in it. Job control
    /// (`set -m`) gives the work a process group; without that, a signal that reaches this shell alone, as `sbatch --signal=B:` sends it, would leave the
    /// work running behind it.
    ///
    /// - Throws: `InvalidCommand` if the work has no text, or a directive more than one line.
    func text() throws -> String {
        """
        #!/bin/bash
        \(try (comment + directives).map { "\(try Self.line($0))\n" }.joined())
        task=\(taskID.uuidString.lowercased())
        export LC_ALL=C
        unset POSIXLY_CORRECT
        transfer() {
        \(try work.script.text())
        }
        signalled=
        forward() {
            signalled=yes
            kill -s TERM -- "-$!" 2>/dev/null
            # Once more: a process that bash was just making may have missed it.
            sleep 0.2
            kill -s TERM -- "-$!" 2>/dev/null
        }
        trap forward HUP INT TERM XCPU
        set -m
        transfer </dev/null &
        set +m
        if [ "$signalled" ]; then forward; fi
        wait "$!"
        status=$?
        # A trapped signal ends `wait` before the work has ended. 127 and, in bash 5.2, -1 mean that it had ended, and its status was known before.
        while [ "$signalled" ]; do
            signalled=
            wait "$!"
            ended=$?
            if [ "$ended" -ge 0 ] && [ "$ended" -ne 127 ]; then status=$ended; fi
        done
        # What it has left behind.
        kill -s KILL -- "-$!" 2>/dev/null
        if [ "$status" -eq 0 ]; then
            \(try RemoteCommand("echo", work.successMessage).shellText())
        else
            echo "The transfer failed with exit status $status." >&2
        fi
        exit "$status"

        """
    }

    /// A line break would begin another directive, or a command.
    private static func line(_ directive: String) throws -> String {
        guard !directive.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" || $0 == "\0" }) else {
            throw InvalidCommand("A directive for the scheduler has more than one line.")
        }
        return directive
    }

    /// PBS has no comment that a user may give.
    private var comment: [String] {
        scheduler == .slurm ? ["#SBATCH --comment=\(Self.jobName(of: taskID))"] : []
    }
}
