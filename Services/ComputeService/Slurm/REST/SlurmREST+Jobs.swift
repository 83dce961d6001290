import GoldcrestProtocol
import GoldcrestSSH
import Logging

extension SlurmREST {
    /// So many jobs are asked for one by one; for more, all are.
    private static let mostSingleQueries = 8

    /// Asks controller and accounting at once; one of the two is enough for an answer.
    func jobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        async let queueAnswer = result { try await queuedJobs(query, as: user) }
        async let accountingAnswer = result { try await accountedJobs(query, as: user) }
        let answers = await (queue: queueAnswer, accounting: accountingAnswer)
        try Task.checkCancellation()
        if case .failure(let error) = answers.accounting {
            // 0.0.38 does not say of a refused token that it is one, but accounting does.
            if case .failure(let other) = answers.queue { throw (error as? RESTRefusal)?.isOfToken == true ? error : other }
            logFailure(of: .accounting, error)
        }
        if case .failure(let error) = answers.queue { logFailure(of: .controller, error) }
        let queue = (try? answers.queue.get()) ?? []
        let accounting = Self.filled((try? answers.accounting.get()) ?? [], from: queue)
        return JobUnion(queue: queue, accounting: accounting).jobs(matching: query, of: user.name)
    }

    private func result<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private func logFailure(of daemon: RESTCall.Daemon, _ error: any Error) {
        let message = (error as? any APIErrorConvertible)?.apiError.message ?? "\(error)"
        guard SlurmWords(message).tellOfMissingAccounting else {
            return logger.warning("a query of jobs failed", metadata: ["api": "\(daemon.rawValue)", "error": "\(message)"])
        }
        if accountingPresence.noteMissing() { logger.notice("the site keeps no accounting; jobs are those that the controller knows") }
    }

    /// What accounting lacks, taken from the queue while it remembers it: exit codes with 0.0.38, the count of nodes for some time.
    private static func filled(_ accounting: [JobModel], from queue: [JobModel]) -> [JobModel] {
        let queued = Dictionary(queue.map { ($0.jobId, $0) }) { first, _ in first }
        return accounting.map { job in
            guard let known = queued[job.jobId] else { return job }
            var job = job
            if job.status.exitCode == nil, known.status.state == job.status.state { job.status.exitCode = known.status.exitCode }
            if job.allocationNodes == 0 { job.allocationNodes = known.allocationNodes }
            return job
        }
    }

    // MARK: - Queue

    /// The controller has no filters but the number of a job.
    private func queuedJobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        let flags = try apiVersion.takesFlags ? [("flags", "ALL")] : []
        let numbers = Set(query.ids.map { String($0.number) })
        guard (1...Self.mostSingleQueries).contains(numbers.count) else { return try await wholeQueue(query, flags, as: user) }
        return try await withThrowingTaskGroup(of: [JobModel].self) { group in
            for number in numbers {
                let call = RESTCall(daemon: .controller, path: ["job", number], query: flags)
                group.addTask {
                    let (jobs, reply) = try await queuedJobs(call, as: user) { query.mayMean($0, of: user) }
                    do {
                        try reply.requireSuccess()
                    } catch let refusal as RESTRefusal where refusal.words.tellOfUnknownJob {
                        // Or one that the controller has forgotten.
                    }
                    return jobs
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// All jobs of the user, or of everybody; those of the last time if the controller says that nothing has changed.
    private func wholeQueue(_ query: JobQuery, _ flags: [(name: String, value: String)], as user: SchedulerUser) async throws -> [JobModel] {
        let key = RememberedQueues.Key(user: user.name, allUsers: query.allUsers)
        let known = rememberedQueues[key]
        var call = RESTCall(daemon: .controller, path: ["jobs"], query: flags)
        if let known { call.query.append(("update_time", "uts\(known.time - RememberedQueues.margin)")) }
        let (jobs, reply) = try await queuedJobs(call, as: user) { query.allUsers || $0.user == user.name }
        try reply.requireSuccess()
        if let time = reply.lastUpdate {
            rememberedQueues.remember(RememberedQueues.Queue(jobs: jobs, time: time), of: key)
        } else if let known, jobs.isEmpty {
            let now = Self.now
            return known.jobs.map { RESTQueueJob.aged($0, now: now) }
        }
        return jobs
    }

    /// - Parameter isWanted: Whether a job is to be kept.
    private func queuedJobs(
        _ call: RESTCall, as user: SchedulerUser, _ isWanted: (JobModel) -> Bool
    ) async throws -> (jobs: [JobModel], reply: RESTReply) {
        let now = Self.now
        var jobs: [JobModel] = []
        let reply = try await send(call, as: user, list: "jobs") { element in
            if let job = try RESTQueueJob.read(&element, now: now), isWanted(job) { jobs.append(job) }
        }
        return (jobs, reply)
    }

    // MARK: - Accounting

    private func accountedJobs(_ query: JobQuery, as user: SchedulerUser) async throws -> [JobModel] {
        guard accountingPresence.isExpected() else { return [] }
        let version = try apiVersion
        let reader = RESTAccountedJob(tellsExitCodes: version.tellsExitCodes)
        return try await list("jobs", query: filters(query, of: user, version), from: .accounting, as: user) { element in
            try reader.read(&element).flatMap { query.mayMean($0, of: user) ? $0 : nil }
        }
    }

    /// Without a time slurmrestd would go no further back than midnight.
    private func filters(_ query: JobQuery, of user: SchedulerUser, _ version: SlurmRESTVersion) -> [(name: String, value: String)] {
        guard query.ids.isEmpty else { return version.steps(Set(query.ids.map { String($0.number) }).sorted()) }
        var filters = [("start_time", "uts\(Self.now - query.timeWindow.hours * 3600)")]
        if version.filtersByUser, !query.allUsers { filters.append(("users", user.name)) }
        if let account = query.account, !account.contains(",") { filters.append(("account", account)) }
        if let name = query.filterableName { filters.append(("job_name", name)) }
        return filters
    }
}

extension JobQuery {
    /// Whether a job need be kept: other people's are not, as they may be thousands.
    fileprivate func mayMean(_ job: JobModel, of user: SchedulerUser) -> Bool {
        (allUsers || job.user == user.name) && (ids.isEmpty || ids.contains { $0.matches(job.jobId) }) && (account == nil || job.account == account)
    }
}
