import GoldcrestSSH
import GoldcrestShell
import NIOCore

/// The command lines of Slurm's programs (sbatch(1), squeue(1), sacct(1), scancel(1), scontrol(1), sacctmgr(1), sinfo(1)).
enum SlurmCommands {
    /// Between the fields of `sinfo`, none of which a user can name.
    static let nodeFieldSeparator = "\u{1F}"

    static func queue(_ query: JobQuery, of user: String, separator: FieldSeparator) -> RemoteCommand {
        // A suffix without a size in front prints the field in full, not padded.
        let fields = SqueueOutput.fields.map { "\($0):\(separator.text)" }.joined(separator: ",")
        var command = RemoteCommand("squeue", "--all", "--noheader", "--states=all", "--Format=\(fields)")
        if let numbers = query.jobNumbers {
            command = command.appending("--jobs=\(numbers)")
        } else {
            if !query.allUsers { command = command.appending("--user=\(user)") }
            if let account = query.account { command = command.appending("--account=\(account)") }
            if let name = query.filterableName { command = command.appending("--name=\(name)") }
        }
        return command.printingPlainly()
    }

    static func accounting(_ query: JobQuery, of user: String, separator: FieldSeparator) -> RemoteCommand {
        var command = RemoteCommand(
            "sacct", "--parsable", "--noheader", "--delimiter=\(separator.text)", "--format=\(SacctOutput.fields.joined(separator: ","))")
        if let numbers = query.jobNumbers {
            command = command.appending("--jobs=\(numbers)", "--allusers")
        } else {
            command = command.appending("--starttime=now-\(query.timeWindow.hours)hours")
            command = command.appending(query.allUsers ? "--allusers" : "--user=\(user)")
            if let account = query.account { command = command.appending("--accounts=\(account)") }
            if let name = query.filterableName { command = command.appending("--name=\(name)") }
        }
        return command.printingPlainly()
    }

    /// A range of waiting tasks is no job to `scontrol show`; the array is, and has the range among its own.
    static func details(of job: JobID) -> RemoteCommand {
        RemoteCommand("scontrol", "show", "job", job.whole.contains("[") ? String(job.number) : job.whole).printingPlainly()
    }

    static func script(of job: JobID) -> RemoteCommand {
        RemoteCommand("scontrol", "write", "batch_script", String(job.number), "-").printingPlainly()
    }

    static func accountedScript(of job: JobID) -> RemoteCommand {
        RemoteCommand("sacct", "--jobs=\(job.number)", "--allusers", "--batch-script").printingPlainly()
    }

    /// - Parameter fields: Of ``SacctFiles``; the command fails if its version does not know them all.
    static func accountedFiles(of job: JobID, fields: [String], separator: FieldSeparator) -> RemoteCommand {
        RemoteCommand(
            "sacct", "--jobs=\(job.number)", "--allusers", "--allocations", "--parsable", "--noheader", "--delimiter=\(separator.text)",
            "--format=\(fields.joined(separator: ","))"
        ).printingPlainly()
    }

    static func cancel(_ job: JobID) -> RemoteCommand {
        RemoteCommand("scancel", "--verbose", job.argument).printingPlainly()
    }

    static func change(_ job: JobID, by change: JobChange) -> RemoteCommand {
        RemoteCommand("scontrol", change.rawValue, job.argument).printingPlainly()
    }

    static func nodes() -> RemoteCommand {
        RemoteCommand("scontrol", "--all", "--oneliner", "show", "node").printingPlainly()
    }

    /// Without `--all` those are left out, too, that the user's groups may not use.
    static func partitions(includesHidden: Bool) -> RemoteCommand {
        RemoteCommand("scontrol", arguments: (includesHidden ? ["--all"] : []) + ["--oneliner", "show", "partitions"]).printingPlainly()
    }

    static func reservations() -> RemoteCommand {
        RemoteCommand("scontrol", "--all", "--oneliner", "show", "reservations").printingPlainly()
    }

    static func accounts(of user: String) -> RemoteCommand {
        RemoteCommand(
            "sacctmgr", "--parsable2", "--noheader", "show", "user", user, "withassoc", "format=defaultaccount,account")
    }

    static func nodeStates() -> RemoteCommand {
        RemoteCommand("sinfo", "--all", "--Node", "--noheader", "--format=%N \(nodeFieldSeparator)%T").printingPlainly()
    }
}

extension RemoteCommand {
    /// The same command with times in seconds since 1970, the tasks of arrays in full (they are cut after 64 bytes otherwise) and words in English.
    fileprivate func printingPlainly() -> RemoteCommand {
        environment("SLURM_TIME_FORMAT", "%s").environment("SLURM_BITSTR_LEN", "0").environment("LC_ALL", "C")
    }
}

extension JobID {
    /// The id as the commands take it: without the limit of tasks that run at once (`12_[3-9%2]`), with which they print it.
    fileprivate var argument: String { text.replacing(#/%[0-9]*/#, with: "") }
}

extension JobQuery {
    /// The numbers of the jobs that are asked for, as Slurm's options take them; `nil` if all are.
    fileprivate var jobNumbers: String? {
        ids.isEmpty ? nil : Set(ids.map(\.number)).sorted().joined(separator: ",")
    }

    /// The name, if Slurm's own filters find it for certain: a comma would make it two names, and accounting stores quotes as other characters.
    /// Any other name is looked for in what comes back.
    var filterableName: String? {
        guard let name, name.wholeMatch(of: #/[A-Za-z0-9._-]+/#) != nil else { return nil }
        return name
    }
}
