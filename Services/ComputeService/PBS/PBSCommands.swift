import GoldcrestSSH
import GoldcrestShell

/// The command lines of OpenPBS's programs (qstat(1B), qdel(1B), qhold(1B), qrls(1B), qrerun(8B), pbsnodes(8B), pbs_rstat(1B)).
enum PBSCommands {
    /// - Parameter withHistory: Whether ended jobs are among them; servers that keep no history refuse such a question.
    static func jobs(_ ids: [JobID], withHistory: Bool) -> RemoteCommand {
        // `-t`: subjobs of arrays, too.
        details("-t", history: withHistory).appending(contentsOf: ids.map(\.text)).inUTC()
    }

    /// The job alone; of an array no subjobs.
    static func job(_ id: JobID, withHistory: Bool) -> RemoteCommand {
        details(history: withHistory).appending(id.text).inUTC()
    }

    private static func details(_ options: String..., history: Bool) -> RemoteCommand {
        RemoteCommand("qstat", "-f", "-F", "json").appending(contentsOf: options + (history ? ["-x"] : []))
    }

    static func cancel(_ job: JobID) -> RemoteCommand {
        RemoteCommand("qdel", job.text)
    }

    static func change(_ job: JobID, by change: JobChange) -> RemoteCommand {
        switch change {
        case .hold: RemoteCommand("qhold", job.text)
        case .release: RemoteCommand("qrls", job.text)
        case .requeue: RemoteCommand("qrerun", job.text)
        }
    }

    static func nodes() -> RemoteCommand {
        RemoteCommand("pbsnodes", "-a", "-F", "json")
    }

    static func queues() -> RemoteCommand {
        RemoteCommand("qstat", "-Q", "-f", "-F", "json")
    }

    static func server() -> RemoteCommand {
        RemoteCommand("qstat", "-B", "-f", "-F", "json")
    }

    static func reservations() -> RemoteCommand {
        RemoteCommand("pbs_rstat", "-F").inUTC()
    }
}

extension RemoteCommand {
    /// The same command with times in UTC; see ``PBSTime/point(_:)``.
    fileprivate func inUTC() -> RemoteCommand {
        environment("TZ", "UTC").environment("LC_ALL", "C")
    }
}
