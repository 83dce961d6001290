import GoldcrestProtocol
import GoldcrestServiceKit
import Hummingbird
import Metrics
import NIOCore

/// Reads schedulers for the routes, so that requests for the same at the same time cost one query; and counts both.
struct SchedulerReads: Sendable {
    private let documents = SharedReads<SchedulerRead, Never?, JSONDocument>()
    private let jobs = SharedReads<SchedulerRead, JobID, [JobModel]>()

    /// An answer in JSON, which is encoded once for all who share it.
    func response(to read: SchedulerRead, _ query: @escaping @Sendable () async throws -> some Encodable & Sendable) async throws -> Response {
        read.countRequest()
        let document = try await documents.answer(of: read) {
            read.countQuery()
            return try JSONDocument(encoding: try await query())
        }
        return Response(document)
    }

    /// A job by its id. The jobs that one user polls on a system at the same time are looked up in one query.
    ///
    /// - Parameter query: Finds the jobs of several ids.
    /// - Returns: None if there is no such job; several if the scheduler has used the id again, or if it is that of an array.
    func jobs(
        _ id: JobID, of read: SchedulerRead, query: @escaping @Sendable (JobQuery) async throws -> [JobModel]
    ) async throws -> [JobModel] {
        read.countRequest()
        let jobs = try await jobs.answer(about: id, of: read) { ids in
            read.countQuery()
            return try await query(JobQuery(ids: Array(ids), allUsers: true))
        }
        return jobs.filter { id.matches($0.jobId) }
    }
}

extension SchedulerRead {
    private var dimensions: [(String, String)] { [("system", system), ("read", subject.label)] }

    /// Every request that reads; `scheduler_queries_total` tells how many queries these came to.
    fileprivate func countRequest() { Counter(label: "scheduler_reads_total", dimensions: dimensions).increment() }

    fileprivate func countQuery() { Counter(label: "scheduler_queries_total", dimensions: dimensions).increment() }
}
