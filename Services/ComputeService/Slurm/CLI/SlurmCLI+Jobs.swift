import GoldcrestProtocol
import GoldcrestSSH
import GoldcrestShell
import Logging
import NIOCore

extension SlurmCLI {
    /// Asks queue and accounting in one exec; one of the two is enough for an answer.
    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        let marker = OutputMarker.random()
        let separator = FieldSeparator.random()
        var commands = [SlurmCommands.queue(query, of: user.name, separator: separator)]
        let isAccounted = accounting.isExpected()
        if isAccounted { commands.append(SlurmCommands.accounting(query, of: user.name, separator: separator)) }
        let result = try await run(.sequence(commands, separatedBy: marker), as: user)
        // With the time used up there are fewer parts: those of the commands that had ended.
        let parts = result.parts(separatedBy: marker)
        let words = SlurmWords(RemoteCommandFailure(result).words)
        let queue = parts.first.flatMap { $0.isSuccess ? $0.standardOutput : nil }
        let accounts = parts.dropFirst().first.flatMap { $0.isSuccess ? $0.standardOutput : nil }
        // squeue fails if the only job that it is asked for is one that the controller does not know, or not any more.
        let isForgotten = !query.ids.isEmpty && queue == nil && words.tellOfUnknownJob
        let isMissing = accounts == nil && words.tellOfMissingAccounting
        if queue == nil && !isForgotten { logFailure(of: "squeue", parts.first ?? result) }
        if isMissing { noteMissingAccounting() } else if isAccounted && accounts == nil { logFailure(of: "sacct", parts.dropFirst().first ?? result) }
        // A job that the controller has forgotten may be in the accounting that cannot be read.
        let isAnswered = queue != nil || accounts != nil || (isForgotten && (isMissing || !isAccounted))
        guard isAnswered else { throw SlurmRefusal(parts.first ?? result) }
        return JobUnion(
            queue: queue.map { SqueueOutput.jobs($0, separator: separator) } ?? [],
            accounting: accounts.map { SacctOutput.jobs($0, separator: separator) } ?? []
        ).jobs(matching: query, of: user.name)
    }

    private func logFailure(of program: String, _ result: RemoteResult) {
        logger.warning("a query of jobs failed", metadata: Self.facts(result, of: program))
    }

    private func noteMissingAccounting() {
        guard accounting.noteMissing() else { return }
        logger.notice("Slurm keeps no accounting here: ended jobs show only until the controller forgets them")
    }

    /// The controller's word while it knows the job, accounting's after that.
    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        let marker = OutputMarker.random()
        let result = try await run(
            .sequence([SlurmCommands.details(of: job), SlurmCommands.script(of: job)], separatedBy: marker), as: user)
        let parts = result.parts(separatedBy: marker)
        guard parts.count == 2 else { throw SlurmRefusal(result) }
        let known = parts[0].isSuccess ? ScontrolJob.jobs(parts[0].standardOutput).filter { job.matches($0.id) } : []
        if known.isEmpty {
            guard parts[0].isSuccess || SlurmWords(RemoteCommandFailure(parts[0]).words).tellOfUnknownJob else { throw SlurmRefusal(parts[0]) }
            return try await accountedMetadata(of: job, as: user)
        }
        let script = parts[1].isSuccess ? String(buffer: parts[1].standardOutput) : nil
        return known.map {
            JobMetadata(
                jobId: $0.id, script: script, standardInput: $0.standardInput, standardOutput: $0.standardOutput, standardError: $0.standardError)
        }
    }

    private func accountedMetadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        guard accounting.isExpected() else { throw JobID.notFound }
        let marker = OutputMarker.random()
        let separator = FieldSeparator.random()
        let result = try await run(
            .sequence(
                [
                    SlurmCommands.accountedFiles(of: job, fields: SacctFiles.fields, separator: separator),
                    SlurmCommands.accountedFiles(of: job, fields: SacctFiles.jobFields, separator: separator),
                    SlurmCommands.accountedScript(of: job),
                ], separatedBy: marker), as: user)
        let parts = result.parts(separatedBy: marker)
        guard parts.count == 3 else { throw SlurmRefusal(result) }
        // Versions before 24.05 refuse the paths.
        guard let files = parts.prefix(2).first(where: \.isSuccess) else {
            guard SlurmWords(RemoteCommandFailure(result).words).tellOfMissingAccounting else { throw SlurmRefusal(parts[1]) }
            noteMissingAccounting()
            throw JobID.notFound
        }
        let jobs = SacctFiles.metadata(files.standardOutput, separator: separator, hasPaths: parts[0].isSuccess).filter { job.matches($0.jobId) }
        guard !jobs.isEmpty else { throw JobID.notFound }
        let script = parts[2].isSuccess ? SacctOutput.batchScript(parts[2].standardOutput) : nil
        return jobs.map { job in
            var job = job
            job.script = script
            return job
        }
    }
}
