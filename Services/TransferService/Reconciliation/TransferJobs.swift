import FoundationEssentials
import Glibc
import GoldcrestProtocol
import GoldcrestServiceKit

/// The jobs of transfers among all jobs that a system's scheduler lists.
struct TransferJobs: Sendable {
    struct Job: Decodable, Sendable {
        let jobId: String
        let name: String
        let user: String?
        let status: JobStatus
    }

    private let jobs: [String: [Job]]

    init(_ jobs: [Job] = []) {
        self.jobs = Dictionary(grouping: jobs.filter { TransferJobScript.isJobName($0.name) }, by: \.name)
    }

    /// Asks compute-service for jobs. On a large system those of transfers are a few of a hundred thousand, and nothing is kept of the others.
    ///
    /// - Parameter call: One whose answer lists jobs.
    init(
        _ call: InternalClient.Call, by services: InternalClient, as caller: InternalClient.Caller, identity: RequestIdentity = RequestIdentity(),
        deadline: Duration
    ) async throws {
        self.init(
            try await services.elements(of: "jobs", in: call, as: caller, identity: identity, deadline: deadline, where: TransferJobScript.mayName))
    }

    var count: Int { jobs.values.reduce(0) { $0 + $1.count } }

    /// The job of a task, found by its name: schedulers use numbers again.
    ///
    /// Names are seen by all users, who may give their own jobs the same one; so the user counts too, and the number where it is known.
    func job(of taskID: UUID, user: String, jobID: String?) -> Job? {
        let candidates = (jobs[TransferJobScript.jobName(of: taskID)] ?? []).filter { $0.user == user }
        return jobID.map { id in candidates.first { $0.jobId == id } } ?? candidates.first
    }

    func job(of task: OpenTransferTask) -> Job? { job(of: task.id, user: task.username, jobID: task.jobID) }

    func job(of task: TransferTask) -> Job? { job(of: task.id, user: task.username, jobID: task.jobID) }
}

extension TransferJobScript {
    private static let markerBytes = Array(marker.utf8)

    /// Whether a job's JSON can have the name of a transfer's job in it; in far most jobs it has not, and they need not be read.
    fileprivate static func mayName(_ job: UnsafeRawBufferPointer) -> Bool {
        markerBytes.withUnsafeBytes { marker in
            guard let first = marker.first, let text = marker.baseAddress else { return false }
            var rest = job
            while rest.count >= marker.count, let start = rest.baseAddress, let found = memchr(start, Int32(first), rest.count - marker.count + 1) {
                if memcmp(found, text, marker.count) == 0 { return true }
                rest = UnsafeRawBufferPointer(rebasing: rest[(found - UnsafeMutableRawPointer(mutating: start) + 1)...])
            }
            return false
        }
    }
}
