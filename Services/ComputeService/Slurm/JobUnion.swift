import GoldcrestProtocol

/// The jobs of queue and accounting as one list.
///
/// While either says that a job is pending the queue's entry wins, since accounting lags behind; from then on accounting knows more: exit codes
/// and steps.
struct JobUnion {
    let queue: [JobModel]
    let accounting: [JobModel]

    /// Those that a query of a user is about. The scheduler's own filters come before this one, where it has them; they need not be exact.
    func jobs(matching query: JobQuery, of user: String) -> [JobModel] {
        let accountedName = query.name.map(Self.accountedName)
        return merged.filter { job in
            (query.ids.isEmpty || query.ids.contains { $0.matches(job.jobId) })
                && (query.allUsers || job.user == user)
                && (query.account == nil || job.account == query.account)
                && (query.name == nil || job.name == query.name || job.name == accountedName)
        }
    }

    private var merged: [JobModel] {
        let positions = Dictionary(queue.indices.lazy.map { (queue[$0].jobId, $0) }) { first, _ in first }
        let queuedArrays = Set(queue.lazy.filter { $0.jobId.contains("_") }.map { Self.number(of: $0.jobId) })
        let partedJobs = Set(queue.lazy.filter { $0.jobId.contains("+") }.map { Self.number(of: $0.jobId) })
        var isAccounted = [Bool](repeating: false, count: queue.count)
        var jobs: [JobModel] = []
        jobs.reserveCapacity(accounting.count + queue.count)
        for var job in accounting {
            if let position = positions[job.jobId] {
                let entry = queue[position]
                if entry.status.state == "PENDING" || job.status.state == "PENDING" { continue }
                isAccounted[position] = true
                job.take(descriptionFrom: entry)
            } else if job.jobId.hasSuffix("]"), queuedArrays.contains(Self.number(of: job.jobId)) {
                // Tasks of an array that waited a moment ago; the queue knows which do so now, if any.
                continue
            } else if job.status.state == "PENDING", partedJobs.contains(job.jobId[...]) {
                // Until a heterogeneous job starts, some versions' accounting has its first part under the number of the whole.
                continue
            }
            jobs.append(job)
        }
        for (entry, isAccounted) in zip(queue, isAccounted) where !isAccounted { jobs.append(entry) }
        return jobs
    }

    /// The number that the tasks of an array and the parts of a heterogeneous job share.
    private static func number(of id: String) -> Substring { id.prefix { $0 != "_" && $0 != "+" } }

    /// A name as it comes back from accounting, which keeps quotes as backquotes.
    private static func accountedName(_ name: String) -> String {
        String(name.map { $0 == "\"" || $0 == "'" ? "`" : $0 })
    }
}

extension JobModel {
    /// Takes over what a job is from its entry in the queue: accounting keeps quotes in names as other characters, and until it has
    /// heard of a job's start it lacks much of the rest.
    fileprivate mutating func take(descriptionFrom entry: JobModel) {
        name = entry.name
        account = entry.account ?? account
        cluster = entry.cluster
        group = entry.group ?? group
        partition = entry.partition
        user = entry.user ?? user
        workingDirectory = entry.workingDirectory
        priority = priority ?? entry.priority
    }
}
