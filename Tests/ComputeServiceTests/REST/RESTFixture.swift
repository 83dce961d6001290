import GoldcrestProtocol
import GoldcrestServiceKit
import HTTPTypes
import NIOCore

@testable import ComputeService

/// Recorded answers of real slurmrestd.
enum RESTFixture {
    static let versions = ["0.0.38", "0.0.42"]

    static let all =
        [
            "slurm_job_999999", "slurm_jobs", "slurm_nodes", "slurm_partitions", "slurm_ping", "slurm_reservations", "slurmdb_job_999999", "slurmdb_jobs",
            "submit_bad_partition", "submit_ok", "cancel_unknown",
        ].flatMap { name in versions.map { "slurmrestd-\($0)/\(name).json" } } + [
            "slurmrestd-0.0.38/slurmdb_associations.json", "slurmrestd-0.0.38/slurmdb_job_2.json", "slurmrestd-0.0.38/slurmdb_job_array.json",
            "slurmrestd-0.0.38/slurm_job_array.json", "slurmrestd-0.0.38/slurm_jobs_many.json", "slurmrestd-0.0.38/slurm_reservations_one.json",
            "slurmrestd-0.0.38/cancel_foreign.json", "slurmrestd-0.0.42/slurmdb_associations_user_fireuser.json", "slurmrestd-0.0.42/slurmdb_job_1.json",
        ]

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Fixture.bytes(path).readableBytesView)
    }

    /// The elements of a list in an answer, and what else the answer holds.
    static func read<Element>(
        _ path: String, list: String = "", _ element: (inout JSONPullReader) throws -> Element?
    ) throws -> (elements: [Element], reply: RESTReply) {
        var elements: [Element] = []
        var reply = RESTReply(status: .ok)
        var stream = JSONElementStream(array: list)
        try bytes(path).withUnsafeBytes { bytes in
            try stream.read(bytes) { part, bytes in
                switch part {
                case .field(let name): try reply.take(name, bytes)
                case .element:
                    var reader = JSONPullReader(bytes)
                    if let element = try element(&reader) { elements.append(element) }
                }
            }
        }
        try stream.finish()
        return (elements, reply)
    }

    static func queue(_ path: String) throws -> [JobModel] {
        try read(path, list: "jobs") { try RESTQueueJob.read(&$0, now: 1_795_225_840) }.elements
    }

    static func accounting(_ path: String) throws -> [JobModel] {
        let reader = RESTAccountedJob(tellsExitCodes: !path.contains("0.0.38"))
        return try read(path, list: "jobs") { try reader.read(&$0) }.elements
    }
}
