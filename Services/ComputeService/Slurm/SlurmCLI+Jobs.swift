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
        let result = try await run(
            .sequence(
                [
                    SlurmCommands.queue(query, of: user.name, separator: separator),
                    SlurmCommands.accounting(query, of: user.name, separator: separator),
                ], separatedBy: marker), as: user)
        // With the time used up there are fewer parts: those of the commands that had ended.
        let parts = result.parts(separatedBy: marker)
        let queue = parts.first.flatMap { $0.isSuccess ? $0.standardOutput : nil }
        let accounting = parts.dropFirst().first.flatMap { $0.isSuccess ? $0.standardOutput : nil }
        let isForgotten = query.job != nil && queue == nil && Self.isUnknown(parts)
        if queue == nil && !isForgotten { logFailure(of: "squeue", parts.first ?? result) }
        if accounting == nil { logFailure(of: "sacct", parts.dropFirst().first ?? result) }
        // A job that the controller has forgotten may be in the accounting that cannot be read.
        if queue == nil && accounting == nil && !Self.isWithoutAccounting(parts) { throw SlurmRefusal(result) }
        return JobUnion(
            queue: queue.map { SqueueOutput.jobs($0, separator: separator) } ?? [],
            accounting: accounting.map { SacctOutput.jobs($0, separator: separator) } ?? []
        ).jobs(matching: query)
    }

    private func logFailure(of program: String, _ result: RemoteResult) {
        logger.warning("a query of jobs failed", metadata: Self.facts(result, of: program))
    }

    /// Whether squeue failed since the controller does not know the job, or not any more.
    private static func isUnknown(_ parts: [RemoteResult]) -> Bool {
        parts.contains { String(buffer: $0.standardError).contains("Invalid job id specified") }
    }

    /// Whether the queue is all that there is, and it does not know the job.
    private static func isWithoutAccounting(_ parts: [RemoteResult]) -> Bool {
        isUnknown(parts) && parts.contains { String(buffer: $0.standardError).contains("accounting storage is disabled") }
    }

    func metadata(of job: JobID, as user: SchedulerUser) async throws -> [JobMetadata] {
        let marker = OutputMarker.random()
        let result = try await run(
            .sequence(
                [SlurmCommands.details(of: job), SlurmCommands.script(of: job), SlurmCommands.accountedScript(of: job)],
                separatedBy: marker), as: user)
        let parts = result.parts(separatedBy: marker)
        guard parts.count == 3 else { throw SlurmRefusal(result) }
        let script = parts[1].isSuccess ? String(buffer: parts[1].standardOutput) : nil
        let known = parts[0].isSuccess ? ScontrolOutput.metadata(parts[0].standardOutput) : []
        if !known.isEmpty {
            return known.map { job in
                var job = job
                job.script = script
                return job
            }
        }
        guard let script = SacctOutput.batchScript(parts[2].standardOutput) else { throw JobID.notFound }
        return [JobMetadata(jobId: job.whole, script: script, standardInput: nil, standardOutput: nil, standardError: nil)]
    }
}
