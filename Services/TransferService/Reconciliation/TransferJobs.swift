import GoldcrestProtocol

/// The jobs of transfers among all jobs that a system's scheduler lists.
///
/// On a large system these are a few of a hundred thousand, so only what is needed of those few is kept.
struct TransferJobs: Decodable {
    struct Job: Decodable {
        let jobId: String
        let name: String
        let user: String?
        let status: JobStatus
    }

    private let jobs: [String: [Job]]

    init(_ jobs: [Job] = []) {
        self.jobs = Dictionary(grouping: jobs, by: \.name)
    }

    private enum CodingKeys: CodingKey {
        case jobs
    }

    private enum NameKey: String, CodingKey {
        case name
    }

    /// Reads the answer of `GET /compute/{system}/jobs`.
    init(from decoder: any Decoder) throws {
        var list = try decoder.container(keyedBy: CodingKeys.self).nestedUnkeyedContainer(forKey: .jobs)
        var jobs: [Job] = []
        while !list.isAtEnd {
            let job = try list.superDecoder()
            let name = try job.container(keyedBy: NameKey.self).decode(String.self, forKey: .name)
            if TransferJobScript.isJobName(name) { jobs.append(try Job(from: job)) }
        }
        self.init(jobs)
    }

    var count: Int { jobs.values.reduce(0) { $0 + $1.count } }

    /// The job of a task, found by its name: schedulers use numbers again.
    ///
    /// Names are seen by all users, who may give their own jobs the same one; so the user counts too, and the number where it is known.
    func job(of task: TransferTask) -> Job? {
        let candidates = (jobs[TransferJobScript.jobName(of: task.id)] ?? []).filter { $0.user == task.username }
        return task.jobID.map { id in candidates.first { $0.jobId == id } } ?? candidates.first
    }
}
